-- Grain: observation row of which an earlier edition or source of the same basis speaks. What the one before
-- it said, unless that stands apart from its own series.
with observation as (
    select
        observation.cell_id,
        if(apart.cell_id is null, observation.obs_value, null) as trusted_value,
        if(apart.cell_id is null, observation.vintage, null) as trusted_vintage,
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
    left join {{ ref('int_observation_apart') }} as apart on observation.cell_id = apart.cell_id
    where observation.key_count = 1
),

stated as (
    select
        cell_id,
        lag(trusted_value ignore nulls) over versions as preceding_value,
        lag(trusted_vintage ignore nulls) over versions as preceding_vintage
    from observation
    window versions as (
        partition by ref_area, freq, time_period, accumulation, indicator, area_type, basis order by vintage, cell_id
    )
)

select
    cell_id,
    preceding_value,
    preceding_vintage
from stated
where preceding_value is not null
