with target as (
    select * from {{ ref('dim_target') }}
),

assessable as (
    select * from {{ ref('mart_target_assessment') }}
),

latest as (
    select * from {{ ref('mart_indicator_value') }}
    qualify row_number() over (partition by ref_area, indicator, area_type order by ref_year desc) = 1
),

-- What is registered and cannot be assessed stands in a row of its own: a bureau must see what it does not measure.
unassessed as (
    select
        target.target_id,
        'none' as method,
        coalesce((select max(newest.ref_year) from latest as newest), target.base_year, target.target_year, 0)
            as assessment_year,
        target.base_year,
        target.base_value,
        latest.ref_year as latest_year,
        latest.value as latest_value,
        case
            when target.kind = 'target' and {{ compounds('indicator') }}
                then 100 * {{ yearly_growth('target.base_value', 'target.value', 'target.target_year - target.base_year') }}
        end as required_rate_from_base_pct,
        case
            when target.kind in ('context', 'actual') then 'not_a_target'
            when latest.ref_year is null then 'no_data'
            else 'not_assessable'
        end as status,
        true as is_headline,
        case
            when target.kind in ('context', 'actual') then target.kind
            when latest.ref_year is null then 'no_data'
            else 'no_value_since_base'
        end as reason_code,
        latest.basis,
        latest.obs_status,
        latest.conf_status,
        latest.quality_status,
        latest.vintage
    from target
    left join {{ ref('dim_indicator') }} as indicator on target.indicator = indicator.indicator
    left join latest
        on
            target.ref_area = latest.ref_area and target.indicator = latest.indicator
            and target.area_type = latest.area_type
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
    stacked.basis,
    stacked.comparable_with_previous,
    stacked.obs_status,
    stacked.conf_status,
    stacked.quality_status,
    stacked.vintage
from stacked
inner join target on stacked.target_id = target.target_id
