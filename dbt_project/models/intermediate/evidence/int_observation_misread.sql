-- Grain: observation row of percent whose last digits 96 may be a misread percent sign: scanned "9.3%" comes out as
-- "9.396". They may be where that would be two decimals too many, or three where whole numbers are usual; more are left by
-- a computation. In a series of less than five values, and where half of them end so, what is usual cannot be told, and
-- three decimals are asked about. So is a whole number that is possible only without them.
with printed as (
    select
        observation.cell_id,
        observation.series_no,
        observation.obs_value,
        observation.decimals,
        observation.decimals - series.usual_decimals as extra_decimals,
        indicator.max_value,
        {{ without_marks(half_width('cell.value_text')) }} as text
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
    where indicator.unit_measure = 'PCT' and observation.multiplier = 1
),

counted as (
    select
        *,
        count(*) over (partition by series_no) as figures,
        count_if(regexp_full_match(text, '[+-]?[0-9]+[.][0-9]96')) over (partition by series_no) as ending_so,
        try_cast(left(text, length(text) - 2) as double) as without_sign
    from printed
)

select
    cell_id,
    'misread_percent_sign' as misread_as,
    without_sign as misread_candidate
from counted
where
    regexp_full_match(text, '[+-]?[0-9]+([.][0-9]+)?96')
    and case
        when decimals = 0 then obs_value > max_value and without_sign <= max_value
        when figures < 5 or 2 * ending_so >= figures then decimals = 3
        else extra_decimals between 2 and 3
    end
