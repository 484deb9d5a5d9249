-- Grain: observation row with two neighbours. A value that lies exactly on a line between others was probably not
-- observed: equal steps in the value, its logarithm or its logit, in at least three steps on end. A printed figure
-- meets a straight line by chance when it has few digits; in the logarithm or logit hardly ever.
with placed as (
    select
        observation.cell_id,
        observation.series_no,
        observation.ref_area,
        observation.edition_no,
        observation.ref_year,
        observation.exact_value,
        observation.decimals - series.usual_decimals as extra_decimals,
        case when observation.obs_value > 0 then ln(observation.obs_value) end as log_value,
        case
            when indicator.quantity = 'rate' and observation.obs_value > 0 and observation.obs_value < 100
                then ln(observation.obs_value / (100 - observation.obs_value))
        end as logit_value
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    where series.freq = 'A'
),

stepped as (
    select
        *,
        lag(ref_year) over line = ref_year - 1 and lead(ref_year) over line = ref_year + 1 as has_neighbours,
        exact_value - lag(exact_value) over line as step,
        (lead(exact_value) over line - exact_value) - (exact_value - lag(exact_value) over line) as bend,
        abs(lag(log_value) over line + lead(log_value) over line - 2 * log_value) as log_bend,
        abs(lag(logit_value) over line + lead(logit_value) over line - 2 * logit_value) as logit_bend
    from placed
    window line as (partition by series_no, ref_area, edition_no order by ref_year)
),

straight as (
    select
        *,
        step <> 0 and bend = 0 as on_line,
        step <> 0 and log_bend < 1e-8 as on_log_line,
        step <> 0 and logit_bend < 1e-8 as on_logit_line
    from stepped
    where has_neighbours
),

lines as (
    select
        *,
        lag(on_line, 1, false) over line or lead(on_line, 1, false) over line as beside_line,
        lag(on_log_line, 1, false) over line or lead(on_log_line, 1, false) over line as beside_log_line,
        lag(on_logit_line, 1, false) over line or lead(on_logit_line, 1, false) over line as beside_logit_line
    from straight
    window line as (partition by series_no, ref_area, edition_no order by ref_year)
)

-- An end of the line is part of it when it is unrounded as well: the line may end at a figure revised since.
select
    cell_id,
    (on_line and beside_line)
    or (on_log_line and beside_log_line)
    or coalesce(on_logit_line and beside_logit_line, false)
    or (extra_decimals >= 3 and (beside_line or beside_log_line or coalesce(beside_logit_line, false)))
        as interpolated
from lines
