-- Grain: observation row of which an earlier edition or source of the same basis speaks. What the one before
-- it said, unless that stands apart from its own series.
with observation as (
    select
        observation.cell_id,
        apart.cell_id is null and not coalesce(suspect.is_gross, false) as is_trusted,
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
    left join {{ ref('int_observation_apart') }} as apart on observation.cell_id = apart.cell_id
    left join {{ ref('int_slip_suspect') }} as suspect on observation.cell_id = suspect.cell_id
    where observation.key_count = 1
),

stated as (
    select
        cell_id,
        lag(if(is_trusted, obs_value, null) ignore nulls) over versions as preceding_value,
        lag(if(is_trusted, vintage, null) ignore nulls) over versions as preceding_vintage
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
