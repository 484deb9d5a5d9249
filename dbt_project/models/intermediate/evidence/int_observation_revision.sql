-- Grain: observation row of which another edition or source of the same basis speaks. The one before it, and the nearest
-- other one.
with observation as (
    select
        observation.cell_id,
        observation.obs_value,
        observation.vintage,
        observation.ref_area,
        observation.time_period,
        series.freq,
        series.accumulation,
        series.indicator,
        series.area_type,
        series.basis
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    where observation.key_count = 1
),

stated as (
    select
        cell_id,
        lag(obs_value) over versions as preceding_value,
        lag(vintage) over versions as preceding_vintage,
        lead(obs_value) over versions as following_value
    from observation
    window versions as (
        partition by ref_area, freq, time_period, accumulation, indicator, area_type, basis order by vintage, cell_id
    )
)

select
    cell_id,
    preceding_value,
    preceding_vintage,
    coalesce(preceding_value, following_value) as other_value
from stated
where preceding_value is not null or following_value is not null
