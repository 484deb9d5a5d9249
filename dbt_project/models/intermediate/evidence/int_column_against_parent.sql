-- Grain: observation row whose parent area has a value. A whole column of one year against the parent: the median
-- over the areas of how much more they grew than the parent. The parent's value is the latest of any source and of
-- any basis: only its movement in time counts.
with observation as (
    select
        observation.cell_id,
        observation.series_no,
        observation.edition_no,
        observation.ref_area,
        observation.ref_year,
        observation.obs_value,
        observation.vintage,
        series.indicator,
        series.area_type,
        area.level,
        area.parent
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('int_ref_area_by_year') }} as area
        on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
    where series.freq = 'A' and indicator.quantity = 'money' and observation.obs_value > 0
),

parent_value as (
    select
        ref_area,
        ref_year,
        indicator,
        area_type,
        arg_max(obs_value, (vintage, cell_id)) as obs_value
    from observation
    group by all
),

compared as (
    select
        observation.*,
        parent_value.obs_value as parent_value
    from observation
    inner join parent_value
        on
            observation.parent = parent_value.ref_area
            and observation.ref_year = parent_value.ref_year
            and observation.indicator = parent_value.indicator
            and observation.area_type = parent_value.area_type
),

placed as (
    select
        *,
        log10(obs_value / parent_value) as position
    from compared
),

-- The years before and after in the same edition; where a column was superseded alone, those in force.
stepped as (
    select
        placed.*,
        placed.position - case
            when lag(placed.ref_year) over line = placed.ref_year - 1 then lag(placed.position) over line
            else before.position
        end as step,
        case
            when lead(placed.ref_year) over line = placed.ref_year + 1 then lead(placed.position) over line
            else after.position
        end - placed.position as next_step
    from placed
    left join placed as before
        on
            placed.series_no = before.series_no and placed.ref_area = before.ref_area
            and placed.ref_year = before.ref_year + 1 and before.edition_no = 1
    left join placed as after
        on
            placed.series_no = after.series_no and placed.ref_area = after.ref_area
            and placed.ref_year = after.ref_year - 1 and after.edition_no = 1
    window line as (partition by placed.series_no, placed.edition_no, placed.ref_area order by placed.ref_year)
),

columns as (
    select
        series_no,
        edition_no,
        level,
        parent,
        ref_year,
        count(step) as column_areas,
        median(step) as column_step,
        median(next_step) as next_step
    from stepped
    group by all
),

-- A column that stands apart steps away from the parent and back again: by the smaller of the two steps. In the
-- first and the last year it cannot be told from a lasting change of level.
displaced as (
    select
        *,
        case
            when sign(column_step) = -sign(next_step) then sign(column_step) * least(abs(column_step), abs(next_step))
            when column_step is not null and next_step is not null then 0.0
        end as column_deviation_log10
    from columns
),

spread as (
    select
        series_no,
        edition_no,
        level,
        parent,
        1.4826 * mad(column_step) as column_spread
    from displaced
    group by all
)

select
    compared.cell_id,
    compared.parent_value,
    compared.obs_value / compared.parent_value as ratio_to_parent,
    displaced.column_areas,
    displaced.column_step as column_step_log10,
    displaced.column_deviation_log10,
    -- A column's median is calmer than one area: 0.003 in the logarithm (0.7 %) is the least it may move.
    displaced.column_deviation_log10 / greatest(spread.column_spread, 0.003) as column_deviation_z
from compared
inner join displaced
    on
        compared.series_no = displaced.series_no and compared.edition_no = displaced.edition_no
        and compared.level = displaced.level and compared.parent = displaced.parent
        and compared.ref_year = displaced.ref_year
inner join spread
    on
        compared.series_no = spread.series_no and compared.edition_no = spread.edition_no
        and compared.level = spread.level and compared.parent = spread.parent
