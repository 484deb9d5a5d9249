with in_force as (
    select * from {{ ref('fct_observation_vintage') }}
    where known_from <= {{ as_of() }} and coalesce(known_to, date 'infinity') > {{ as_of() }}
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
    decimals,
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
            then lag(basis) over series = basis and (lag(break_year) over series is not distinct from break_year)
    end
        as comparable_with_previous
from in_force
window series as (partition by ref_area, freq, accumulation, indicator, area_type order by ref_year, time_period)
