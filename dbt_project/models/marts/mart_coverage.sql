with declared as (
    select
        source,
        indicator,
        area_type,
        ref_area,
        children_of,
        unnest(range(first_year, last_year + 1))::integer as ref_year
    from {{ ref('stg_coverage') }}
),

required as (
    select distinct
        declared.source,
        declared.indicator,
        declared.area_type,
        coalesce(declared.ref_area, part.ref_area) as ref_area,
        declared.ref_year
    from declared
    left join {{ ref('dim_ref_area_part') }} as part
        on
            declared.children_of = part.parent
            and declared.ref_year >= part.since_year and declared.ref_year < part.until_year
),

-- What is required are figures of whole years.
held as (
    select
        series.source,
        series.indicator,
        series.area_type,
        observation.ref_area,
        observation.ref_year,
        bool_or(accepted.cell_id is not null) as is_published
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    left join {{ ref('int_observation_accepted') }} as accepted on observation.cell_id = accepted.cell_id
    where series.freq = 'A' and series.accumulation = 'period'
    group by all
)

select
    required.source,
    required.indicator,
    required.area_type,
    required.ref_area,
    required.ref_year,
    case
        when held.is_published then 'published'
        when held.is_published is not null then 'quarantined'
        else 'missing'
    end as state
from required
left join held
    on
        required.source = held.source and required.indicator = held.indicator
        and required.area_type = held.area_type and required.ref_area = held.ref_area
        and required.ref_year = held.ref_year
where required.ref_area is not null
