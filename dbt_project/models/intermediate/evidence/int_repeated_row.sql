-- Grain: observation row that repeats, to the last of at least four digits, the value of the year before, with the number
-- of indicators that do so for the same area and year in the same file. Figures of other kinds than money, persons and
-- rates (the ground of a county) may stay as they are.
with repeated as (
    select
        observation.cell_id,
        observation.file_id,
        observation.ref_area,
        observation.ref_year,
        series.indicator
    from {{ ref('int_observation_trend') }} as trend
    inner join {{ ref('int_observation') }} as observation on trend.cell_id = observation.cell_id
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    where
        observation.obs_value = trend.previous_value
        and indicator.quantity in ('money', 'persons', 'rate')
        and abs(observation.obs_value) / observation.multiplier * pow(10, observation.printed_decimals) >= 999.5
)

select
    cell_id,
    count(distinct indicator) over (partition by file_id, ref_area, ref_year)::integer as repeated_indicators
from repeated
