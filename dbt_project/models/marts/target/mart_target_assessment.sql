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
        -- What is summed up over a period begins at nothing before it; of all there ever were some were there at the base.
        target.kind = 'cumulative_target' and target.period_start is not null as is_summed_from_nothing,
        if(is_summed_from_nothing, 0, value.base_value) as sum_before,
        if(is_summed_from_nothing, target.period_start - 1, value.base_year) as start_year,
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
            when kind = 'annual_target' then if(assessment_year >= coalesce(period_start, 0), ['annual'], ['none'])
            when not is_comparable or not coalesce(years_elapsed > 0, false) then ['none']
            when kind = 'directional_target' then ['direction']
            when not coalesce(years_planned > 0, false) then ['none']
            when kind = 'cumulative_target' then ['cumulative']
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
            progress,
            {{ progress_by_method('base_low', 'latest_low') }},
            {{ progress_by_method('base_low', 'latest_high') }},
            {{ progress_by_method('base_high', 'latest_low') }},
            {{ progress_by_method('base_high', 'latest_high') }}
        ] as corners,
        list_min(corners) as progress_low,
        list_max(corners) as progress_high,
        -- What has to satisfy the target: the level, or its growth.
        if(kind = 'annual_growth_target', 100 * {{ yearly_growth('base_high', 'latest_low', 'years_elapsed') }}, latest_low)
            as attained_low,
        if(kind = 'annual_growth_target', 100 * {{ yearly_growth('base_low', 'latest_high', 'years_elapsed') }}, latest_high)
            as attained_high,
        {{ meets('attained_low') }} as low_meets,
        {{ meets('attained_high') }} as high_meets,
        -- A projection is no surer than the straight line through the same printed figures.
        [
            {{ progress_by_method('base_low', 'latest_high', "'linear'") }},
            {{ progress_by_method('base_high', 'latest_low', "'linear'") }}
        ] as line
    from projected
),

judged as (
    select
        *,
        {{ progress_class('progress_low') }} as class_low,
        {{ progress_class('progress_high') }} as class_high,
        -- Whether the target is reached comes before the way to it. A ceiling of a sum is kept at the end only.
        case
            when
                kind = 'directional_target' or low_meets is null or (kind = 'annual_target' and method = 'none')
                or (kind = 'annual_growth_target' and years_left > 0)
                then null
            when kind = 'cumulative_target' and way < 0 and years_left > 0
                then if(low_meets or high_meets, null, 'missed')
            when low_meets and high_meets then if(years_left > 0 and kind <> 'annual_target', 'met_early', 'achieved')
            when low_meets or high_meets then 'indeterminate'
            when kind = 'annual_target' or years_left = 0 then 'missed'
        end as reached,
        method in ('projection', 'escap')
        and {{ progress_class('list_min(line)', "'linear'") }} <> {{ progress_class('list_max(line)', "'linear'") }} as is_open,
        coalesce(
            reached,
            case
                -- A base that may have been the target itself tells no way.
                when is_open or (base_low < base_high and target_value between base_low and base_high) then 'indeterminate'
                when class_low = class_high then class_low
                when class_low is not null then 'indeterminate'
            end,
            'not_assessable'
        ) as status,
        case
            when status = 'indeterminate' then 'printed_figures_only'
            when status <> 'not_assessable' then null
            when kind = 'annual_target' then 'before_period'
            when not is_comparable then 'break_since_base'
            when start_year is null then 'no_base_value'
            when years_elapsed = 0 then 'no_value_after_base'
            when target_year is null then 'no_target_year'
            else 'no_way_to_go'
        end as reason_code
    from measured
)

select
    target_id,
    method,
    assessment_year,
    base_year,
    base_value,
    base_vintage,
    assessment_year as latest_year,
    latest_value,
    target_value - if(kind = 'annual_growth_target', (attained_low + attained_high) / 2, latest_value) as distance,
    case
        when not is_rate and kind = 'target' then 100 * {{ yearly_growth('base_value', 'target_value', 'years_planned') }}
    end as required_rate_from_base_pct,
    case
        when not is_rate and kind = 'target' then 100 * {{ yearly_growth('latest_value', 'target_value', 'years_left') }}
    end as required_rate_from_latest_pct,
    case when not is_rate and is_comparable then 100 * {{ yearly_growth('base_value', 'latest_value', 'years_elapsed') }} end
        as actual_rate_pct,
    case when years_left > 0 and kind = 'target' then (target_value - latest_value) / years_left end as required_change,
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
            then greatest(0, least(1, {{ student_t(
                "(way * (last_position + years_left * mean_change - (" ~ on_scale('target_value', 'is_rate')
                ~ ")) / (spread * sqrt(years_left + years_left * years_left / changes)))",
                '(changes - 1)'
            ) }}))
    end as probability_experimental,
    -- More than three times the best year that the series has seen would be needed every year.
    case
        when kind = 'target' and years_left > 0 and best_change is not null and status not in ('met_early', 'achieved')
            then
                best_change <= 0
                or way * ({{ on_scale('target_value', 'is_rate') }} - last_position) / years_left > 3 * best_change
    end as beyond_history,
    status,
    method = methods[1] as is_headline,
    reason_code,
    basis,
    is_comparable as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from judged
