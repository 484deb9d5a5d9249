with target as (
    select * from {{ ref('dim_target') }}
),

assessed as (
    select
        value.*,
        target.kind,
        target.comparator,
        target.value as target_value,
        target.target_year,
        target.period_start,
        coalesce(value.way, sign(target.value - value.base_value))::integer as way_to_go,
        -- What is summed up over a period begins at nothing before it.
        if(target.kind = 'cumulative_target', coalesce(target.period_start - 1, target.base_year), value.base_year) as start_year,
        value.assessment_year - start_year as years_elapsed,
        target.target_year - start_year as years_planned,
        target.target_year - value.assessment_year as years_left,
        value.is_rate and value.way > 0 and target.value >= 90 and target.value < 100 and target.unit_measure = 'PCT'
            as is_saturated,
        (not value.is_rate or is_saturated) and value.base_value > 0 and value.latest_value > 0 and target.value > 0
            as can_compound
    from {{ ref('mart_target_value') }} as value
    inner join target on value.target_id = target.target_id
),

-- The ways of measuring that fit the kind of target, the headline first.
fitted as (
    select
        *,
        case
            when kind = 'annual_target' and assessment_year >= coalesce(period_start, 0) then ['annual']
            when kind = 'cumulative_target' and years_elapsed > 0 and years_planned > 0 then ['cumulative']
            when kind in ('annual_target', 'cumulative_target') or not is_comparable or not coalesce(years_elapsed > 0, false)
                then ['none']
            when kind = 'directional_target' then ['direction']
            when not coalesce(years_planned > 0, false) then ['none']
            when kind = 'annual_growth_target' then ['growth_rate']
            when can_compound then ['growth', 'linear', 'projection', 'escap']
            else ['linear', 'projection', 'escap']
        end as methods
    from assessed
),

by_method as (
    select
        *,
        unnest(methods) as method
    from fitted
),

-- The value expected in the target year: at the pace since the base, at that of the last three years, or by a regression in
-- which later years weigh more.
projected as (
    select
        *,
        case
            when method = 'growth' and is_saturated
                then
                    100 - (100 - latest_value)
                    * pow((100 - latest_value) / nullif(100 - base_value, 0), years_left / years_elapsed)
            when method in ('growth', 'growth_rate')
                then latest_value * pow(latest_value / base_value, years_left / years_elapsed)
            when method = 'linear' then latest_value + years_left * (latest_value - base_value) / years_elapsed
            when method = 'projection' and is_rate then latest_value + years_left * recent_change
            when method = 'projection' then latest_value * exp(years_left * recent_change)
            when method = 'escap' and is_rate then mean_position + (target_year - mean_year) * weighted_change
            when method = 'escap' then exp(mean_position + (target_year - mean_year) * weighted_change)
        end as projected_value,
        case
            when method = 'escap'
                then 100 * greatest(0, way_to_go * (target_value - projected_value)) / nullif(abs(target_value - base_value), 0)
        end as anticipated_gap
    from by_method
),

-- A printed value stands for all that are printed like it, so progress is measured from corner to corner.
measured as (
    select
        *,
        {{ progress_by_method('base_value', 'latest_value') }} as progress,
        [
            {{ progress_by_method('base_low', 'latest_low') }},
            {{ progress_by_method('base_low', 'latest_high') }},
            {{ progress_by_method('base_high', 'latest_low') }},
            {{ progress_by_method('base_high', 'latest_high') }}
        ] as corners,
        coalesce(list_min(corners), progress) as progress_low,
        coalesce(list_max(corners), progress) as progress_high,
        {{ meets('latest_low') }} as low_meets,
        {{ meets('latest_high') }} as high_meets
    from projected
),

judged as (
    select
        *,
        {{ progress_class('progress_low') }} as class_low,
        {{ progress_class('progress_high') }} as class_high,
        -- Whether the target is reached comes before the way to it.
        case
            when kind = 'directional_target' or (kind = 'annual_growth_target' and (years_left > 0 or progress is null)) then null
            when kind = 'annual_growth_target' and progress_low >= 1 then 'achieved'
            when kind = 'annual_growth_target' and progress_high >= 1 then 'indeterminate'
            when low_meets and high_meets then if(years_left > 0 and kind <> 'annual_target', 'met_early', 'achieved')
            when low_meets or high_meets then 'indeterminate'
            when kind = 'annual_target' or years_left = 0 then 'missed'
        end as reached,
        coalesce(
            reached,
            case when class_low = class_high then class_low when class_low is not null then 'indeterminate' end,
            'not_assessable'
        ) as status,
        case
            when status = 'indeterminate' then 'printed_figures_only'
            when status <> 'not_assessable' then null
            when not is_comparable then 'break_since_base'
            when start_year is null then 'no_base_value'
            when years_elapsed = 0 then 'no_value_after_base'
            when target_year is null then 'no_target_year'
            else 'no_way_to_go'
        end as reason_code
    from measured
),

assessable as (
    select
        target_id,
        method,
        assessment_year,
        base_year,
        base_value,
        base_vintage,
        assessment_year as latest_year,
        latest_value,
        target_value - latest_value as distance,
        case
            when not is_rate and kind = 'target' then 100 * {{ yearly_growth('base_value', 'target_value', 'years_planned') }}
        end as required_rate_from_base_pct,
        case
            when not is_rate and kind = 'target' then 100 * {{ yearly_growth('latest_value', 'target_value', 'years_left') }}
        end as required_rate_from_latest_pct,
        case when not is_rate and is_comparable then 100 * {{ yearly_growth('base_value', 'latest_value', 'years_elapsed') }} end
            as actual_rate_pct,
        case when years_left > 0 then (target_value - latest_value) / years_left end as required_change,
        case when years_elapsed > 0 and is_comparable then (latest_value - base_value) / years_elapsed end as actual_change,
        case when years_planned > 0 then 100 * years_elapsed / years_planned end as elapsed_share_pct,
        progress as progress_ratio,
        progress_low as progress_ratio_low,
        progress_high as progress_ratio_high,
        if(method = 'escap', 10 * progress, null) as current_status_index,
        anticipated_gap as anticipated_gap_pct,
        projected_value,
        -- The chance that a random walk with the drift and the spread of the yearly changes ends on the right side.
        case
            when kind = 'target' and years_left > 0 and changes between 8 and 150 and spread > 0 and way is not null
                then {{ student_t(
                    "(way * (last_position + years_left * mean_change - (" ~ on_scale('target_value', 'is_rate')
                    ~ ")) / (spread * sqrt(years_left + years_left * years_left / changes)))",
                    '(changes - 1)'
                ) }}
        end as probability_experimental,
        -- More than three times the best year that the series has seen would be needed every year.
        case
            when kind = 'target' and years_left > 0 and best_change > 0 and status not in ('met_early', 'achieved')
                then way * ({{ on_scale('target_value', 'is_rate') }} - last_position) / years_left > 3 * best_change
        end as beyond_history,
        status,
        method = methods[1] as is_headline,
        reason_code,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from judged
),

-- What is registered and cannot be assessed stands in a row of its own: a bureau must see what it does not measure.
unassessed as (
    select
        target.target_id,
        'none' as method,
        (select max(value.ref_year) from {{ ref('mart_indicator_value') }} as value) as assessment_year,
        target.base_year,
        target.base_value,
        case
            when target.kind = 'target' and target.unit_measure not in ('PCT', 'PP', 'INDEX', 'RANK')
                then 100 * {{ yearly_growth('target.base_value', 'target.value', 'target.target_year - target.base_year') }}
        end as required_rate_from_base_pct,
        if(target.kind in ('context', 'actual'), 'not_a_target', 'no_data') as status,
        true as is_headline,
        if(target.kind in ('context', 'actual'), target.kind, 'no_data') as reason_code
    from target
    anti join assessable on target.target_id = assessable.target_id
),

stacked as (
    select * from assessable
    union all by name
    select * from unassessed
)

select
    stacked.target_id,
    stacked.method,
    stacked.assessment_year::integer as assessment_year,
    target.ref_area,
    target.ref_area_name,
    target.indicator,
    target.area_type,
    target.value as target_value,
    target.unit_measure,
    target.target_year,
    stacked.base_year,
    stacked.base_value,
    stacked.base_vintage,
    stacked.latest_year,
    stacked.latest_value,
    stacked.distance,
    stacked.required_rate_from_base_pct,
    stacked.required_rate_from_latest_pct,
    stacked.actual_rate_pct,
    stacked.required_change,
    stacked.actual_change,
    stacked.elapsed_share_pct,
    stacked.progress_ratio,
    stacked.progress_ratio_low,
    stacked.progress_ratio_high,
    stacked.current_status_index,
    stacked.anticipated_gap_pct,
    stacked.projected_value,
    stacked.probability_experimental,
    stacked.beyond_history,
    stacked.status,
    {{ warning_level('stacked.status') }} as warning_level,
    stacked.is_headline,
    stacked.assessment_year = max(stacked.assessment_year) over (partition by stacked.target_id) as is_latest,
    {{ reason_in_words('stacked.reason_code', 'en') }} as reason,
    {{ reason_in_words('stacked.reason_code', 'zh') }} as reason_zh,
    stacked.obs_status,
    stacked.conf_status,
    stacked.quality_status,
    stacked.vintage
from stacked
inner join target on stacked.target_id = target.target_id
