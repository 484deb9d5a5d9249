-- Grain: observation row of money or persons between two known years. How far it steps away from the year before and
-- back again, in the decimal logarithm, by the smaller of the two steps; 0 where it goes on in one direction, or where the
-- two years beside it are farther from each other than it is from them.
with stepped as (
    select
        trend.cell_id,
        log10(observation.obs_value / trend.previous_value) as step,
        log10(trend.next_value / observation.obs_value) as next_step
    from {{ ref('int_observation_trend') }} as trend
    inner join {{ ref('int_observation') }} as observation on trend.cell_id = observation.cell_id
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    where
        indicator.quantity in ('money', 'persons')
        and trend.previous_value > 0 and trend.next_value > 0 and observation.obs_value > 0
)

select
    cell_id,
    if(
        sign(step) = -sign(next_step) and abs(step + next_step) < least(abs(step), abs(next_step)),
        least(abs(step), abs(next_step)), 0
    ) as tooth_log10
from stepped
