-- Against a target its headline measure speaks. Where no target is set the trend of up to five comparable years does: 1 % a year
-- the wanted way or the other (Eurostat, Sustainable development in the European Union, assessment without a target).
with value as (
    select
        value.*,
        indicator.direction,
        indicator.min_value,
        indicator.unit_measure in ('PCT', 'PP') as is_rate,
        {{ series_in_words('indicator', 'value.area_type') }},
        if(indicator.unit_measure = 'INDEX', '', ' ' || indicator.display_unit) as display_unit,
        indicator.display_multiplier
    from {{ ref('mart_indicator_value') }} as value
    inner join {{ ref('dim_indicator') }} as indicator on value.indicator = indicator.indicator
),

progress as (
    select
        progress.*,
        target.comparator,
        target.kind = 'annual_growth_target' as is_growth
    from {{ ref('mart_target_progress') }} as progress
    inner join {{ ref('dim_target') }} as target on progress.target_id = target.target_id
    where
        progress.is_headline and progress.is_latest and progress.latest_value is not null
        and progress.status <> 'not_a_target'
),

-- A growth rate, or what else may be below zero, has no growth; a series that ended long ago warns of nothing.
latest as (
    select * from value
    where
        direction <> 0 and coalesce(min_value, 0) >= 0
        and ref_year >= (select max(newest.ref_year) - 5 from value as newest)
    qualify row_number() over (partition by ref_area, indicator, area_type order by ref_year desc) = 1
),

-- Since the first comparable year of those that lie three to five years back.
trend as (
    select
        latest.*,
        min(before.ref_year) as since_year,
        arg_min(before.value, before.ref_year) as value_since,
        arg_min(before.quality_status, before.ref_year) as quality_since
    from latest
    inner join value as before
        on
            latest.ref_area = before.ref_area and latest.indicator = before.indicator
            and latest.area_type = before.area_type and latest.comparable_since <= before.ref_year
            and latest.ref_year - 5 <= before.ref_year and latest.ref_year - 3 >= before.ref_year
    anti join progress
        on
            latest.ref_area = progress.ref_area and latest.indicator = progress.indicator
            and latest.area_type = progress.area_type
    where latest.value > 0 and before.value > 0
    group by all
),

moving as (
    select
        *,
        100 * direction * (pow(value / value_since, 1.0 / (ref_year - since_year)) - 1) as wanted_growth_pct
    from trend
),

warned as (
    select
        ref_area,
        ref_area_name,
        indicator,
        area_type,
        '' as target_id,
        'trend' as rule,
        ref_year,
        value_published,
        unit_measure,
        case
            when wanted_growth_pct >= 1 then 'green'
            when wanted_growth_pct >= 0 then 'yellow'
            when wanted_growth_pct > -1 then 'orange'
            else 'red'
        end as warning_level,
        wanted_growth_pct as measure,
        since_year,
        cast(null as double) as target_value,
        cast(null as integer) as target_year,
        false as is_growth,
        cast(null as double) as actual_rate_pct,
        cast(null as varchar) as comparator,
        cast(null as varchar) as status,
        cast(null as varchar) as reason_en,
        cast(null as varchar) as reason_zh,
        is_rate,
        what_en,
        what_zh,
        display_unit,
        display_multiplier,
        basis,
        true as comparable_with_previous,
        obs_status,
        conf_status,
        {{ worse_quality_status('quality_status', 'quality_since') }} as quality_status,
        vintage
    from moving
    union all
    select
        progress.ref_area,
        progress.ref_area_name,
        progress.indicator,
        progress.area_type,
        progress.target_id,
        'target' as rule,
        progress.latest_year as ref_year,
        value.value_published,
        value.unit_measure,
        progress.warning_level,
        progress.progress_ratio as measure,
        progress.base_year as since_year,
        progress.target_value,
        progress.target_year,
        progress.is_growth,
        progress.actual_rate_pct,
        progress.comparator,
        progress.status,
        progress.reason as reason_en,
        progress.reason_zh,
        value.is_rate,
        value.what_en,
        value.what_zh,
        value.display_unit,
        value.display_multiplier,
        progress.basis,
        progress.comparable_with_previous,
        progress.obs_status,
        progress.conf_status,
        progress.quality_status,
        progress.vintage
    from progress
    inner join value
        on
            progress.ref_area = value.ref_area and progress.indicator = value.indicator
            and progress.area_type = value.area_type and progress.latest_year = value.ref_year
)

select
    ref_area,
    ref_area_name,
    indicator,
    area_type,
    target_id,
    rule,
    ref_year,
    value_published,
    unit_measure,
    warning_level,
    measure,
    since_year,
    target_value,
    target_year,
    {{ warning_in_words('en') }} as message_en,
    {{ warning_in_words('zh') }} as message_zh,
    basis,
    comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from warned
