-- Grain: source, indicator, area type, area and year, of areas whose ground ever changed: they took in another, or gave
-- or received a part. `ground_no` counts the changes so far; figures before and after one are not compared.
with change as (
    select
        from_area,
        change_year,
        kind,
        unnest(if(kind = 'merge', [to_area], [from_area, to_area])) as ref_area,
        from_area || ' ' || from_name_zh || ' → ' || to_area || ' ' || to_name_zh as written
    from {{ ref('int_ref_area_change') }}
    where kind in ('merge', 'split')
),

concerned as (
    select ref_area from change
    union
    select from_area from change
),

-- Of each period the edition in force.
held as (
    select distinct
        series.source,
        series.indicator,
        series.area_type,
        observation.ref_area,
        observation.ref_year,
        observation.vintage
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    semi join concerned on observation.ref_area = concerned.ref_area
    where observation.edition_no = 1
),

observed as (
    select distinct
        source,
        indicator,
        area_type,
        ref_area,
        ref_year
    from held
),

line as (
    select distinct
        source,
        indicator,
        area_type,
        ref_area
    from observed
),

-- Where a figure of the area taken in stands beside that of its heir for that year, the change shows in the next.
late as (
    select distinct
        heir.source,
        heir.indicator,
        heir.area_type,
        heir.ref_area,
        heir.ref_year,
        still.ref_area as from_area
    from held as heir
    inner join change
        on heir.ref_area = change.ref_area and heir.ref_year = change.change_year and change.kind = 'merge'
    inner join held as still
        on
            change.from_area = still.ref_area
            and heir.source = still.source and heir.indicator = still.indicator and heir.area_type = still.area_type
            and heir.ref_year = still.ref_year and heir.vintage = still.vintage
),

moved as (
    select
        change.ref_area,
        change.written,
        line.source,
        line.indicator,
        line.area_type,
        change.change_year + if(late.ref_area is not null, 1, 0) as ref_year
    from change
    inner join line on change.ref_area = line.ref_area
    left join late
        on
            change.from_area = late.from_area and change.ref_area = late.ref_area
            and change.change_year = late.ref_year
            and line.source = late.source and line.indicator = late.indicator and line.area_type = late.area_type
)

select
    observed.source,
    observed.indicator,
    observed.area_type,
    observed.ref_area,
    observed.ref_year,
    count(distinct moved.ref_year)::integer as ground_no,
    count_if(observed.ref_year = moved.ref_year)::integer as boundary_changes,
    string_agg(moved.written, '; ' order by moved.written)
    filter (where observed.ref_year = moved.ref_year) as boundary_change
from observed
inner join moved
    on
        observed.source = moved.source and observed.indicator = moved.indicator
        and observed.area_type = moved.area_type
        and observed.ref_area = moved.ref_area and observed.ref_year >= moved.ref_year
group by all
