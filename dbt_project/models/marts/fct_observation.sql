with in_force as (
    select * from {{ ref('fct_observation_vintage') }}
    where known_from <= {{ as_of() }} and coalesce(known_to, date 'infinity') > {{ as_of() }}
),

changed as (
    {{ changed_ground(ref('dim_ref_area_change')) }}
),

-- Where one edition of a source has a figure of the area taken in beside that of its heir, this one is without it, and
-- the change shows a year later.
late as (
    select distinct
        heir.ref_area,
        heir.ref_year,
        heir.accumulation,
        heir.indicator,
        heir.area_type
    from in_force as heir
    inner join {{ ref('dim_ref_area_change') }} as change
        on heir.ref_area = change."to" and heir.ref_year = change.year and change.kind = 'merge'
    inner join in_force as still
        on
            change."from" = still.ref_area and heir.ref_year = still.ref_year
            and heir.freq = still.freq and heir.accumulation = still.accumulation
            and heir.indicator = still.indicator and heir.area_type = still.area_type
            and heir.source = still.source and heir.vintage = still.vintage
    where heir.freq = 'A'
),

bounded as (
    select
        in_force.*,
        (changed.ref_year is not null and late.ref_year is null) or late_before.ref_year is not null as is_other_ground
    from in_force
    left join changed on in_force.ref_area = changed.ref_area and in_force.ref_year = changed.ref_year
    left join late
        on
            in_force.ref_area = late.ref_area and in_force.ref_year = late.ref_year
            and in_force.accumulation = late.accumulation
            and in_force.indicator = late.indicator and in_force.area_type = late.area_type
    left join late as late_before
        on
            in_force.ref_area = late_before.ref_area and in_force.ref_year = late_before.ref_year + 1
            and in_force.accumulation = late_before.accumulation
            and in_force.indicator = late_before.indicator and in_force.area_type = late_before.area_type
)

select
    ref_area,
    ref_area_name,
    freq,
    time_period,
    accumulation,
    ref_year,
    indicator,
    area_type,
    obs_value,
    obs_value_decimal,
    original_value,
    decimals,
    half_unit,
    unit_measure,
    definition,
    basis,
    break_year,
    source,
    vintage,
    obs_status,
    conf_status,
    quality_status,
    -- NULL where there is no year before to compare with.
    case
        when lag(ref_year) over series = ref_year - 1 and freq = 'A'
            then
                lag(basis) over series = basis
                and (lag(break_year) over series is not distinct from break_year)
                and not is_other_ground
    end as comparable_with_previous
from bounded
window series as (partition by ref_area, freq, accumulation, indicator, area_type order by ref_year, time_period)
