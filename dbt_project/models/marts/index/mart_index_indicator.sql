with variant as (
    select * from {{ ref('dim_index_variant') }}
),

leaf as (
    select * from {{ ref('dim_composite_index') }}
    where indicator is not null and problem is null
),

area as (
    select
        below.ref_area,
        below.name_zh,
        below.level,
        below.valid_from,
        coalesce(below.valid_to, 9999) as valid_to,
        below.parent,
        above.parent as grandparent
    from {{ ref('dim_ref_area') }} as below
    left join {{ ref('dim_ref_area') }} as above
        on
            below.parent = above.ref_area and below.valid_from >= above.valid_from
            and below.valid_from < coalesce(above.valid_to, 9999)
),

scope as (
    select
        variant.index_id,
        variant.variant,
        area.*
    from variant
    inner join area
        on
            coalesce(variant.area_level = area.level, true)
            and coalesce(variant.area_parent in (area.parent, area.grandparent), variant.area_parent is null)
            and (
                variant.area_group is null
                or exists (
                    select area_group.ref_area
                    from {{ ref('dim_ref_area_group') }} as area_group
                    where variant.area_group = area_group.area_group and area.ref_area = area_group.ref_area
                )
            )
),

needed as (
    select
        indicator,
        area_type
    from leaf
    union
    select
        denominator as indicator,
        denominator_area_type as area_type
    from leaf
    where denominator is not null
),

reported as materialized (
    select found.*
    from {{ ref('mart_indicator_value') }} as found
    inner join needed on found.indicator = needed.indicator and found.area_type = needed.area_type
),

known_year as (
    select distinct
        leaf.index_id,
        reported.ref_year
    from reported
    inner join leaf on reported.indicator = leaf.indicator and reported.area_type = leaf.area_type
),

-- Every area of the scope and year, whether anything is known of it or not.
expected as (
    select
        scope.index_id,
        scope.variant,
        scope.ref_area,
        scope.name_zh as ref_area_name,
        scope.parent as area_parent,
        known_year.ref_year
    from scope
    inner join variant on scope.index_id = variant.index_id and scope.variant = variant.variant
    inner join known_year
        on
            scope.index_id = known_year.index_id
            and scope.valid_from <= known_year.ref_year and scope.valid_to > known_year.ref_year
            and coalesce(variant.first_year, 0) <= known_year.ref_year
            and coalesce(variant.last_year, 9999) >= known_year.ref_year
),

denominated as (
    select
        expected.index_id,
        expected.variant,
        leaf.node,
        leaf.parent,
        expected.ref_area,
        expected.ref_area_name,
        expected.area_parent,
        expected.ref_year,
        if(variant.reference = 'by_year', expected.ref_year, null) as reference_year,
        leaf.indicator,
        leaf.area_type,
        leaf.direction,
        leaf.goalpost_low,
        leaf.goalpost_high,
        leaf.target,
        variant.impute,
        variant.treat,
        variant.winsorised_points,
        variant.normalise,
        variant.scale_low,
        variant.scale_high,
        numerator.value,
        case
            when variant.denominate = 'none' or leaf.denominator is null then numerator.value
            when denominator.value > 0 then numerator.value / denominator.value
        end as value_denominated,
        nullif(concat_ws(' / ', numerator.basis, nullif(denominator.basis, numerator.basis)), '') as basis,
        numerator.comparable_with_previous and (denominator.ref_area is null or denominator.comparable_with_previous)
            as comparable_with_previous,
        {{ carried_along(['numerator', 'denominator']) }}
    from expected
    inner join variant on expected.index_id = variant.index_id and expected.variant = variant.variant
    inner join leaf on expected.index_id = leaf.index_id
    left join reported as numerator
        on
            expected.ref_area = numerator.ref_area and expected.ref_year = numerator.ref_year
            and leaf.indicator = numerator.indicator and leaf.area_type = numerator.area_type
    -- Where nothing is divided, it leaves no trace.
    left join reported as denominator
        on
            variant.denominate = 'by_denominator' and numerator.value is not null
            and expected.ref_area = denominator.ref_area and expected.ref_year = denominator.ref_year
            and leaf.denominator = denominator.indicator and leaf.denominator_area_type = denominator.area_type
),

imputed as (
    select
        *,
        coalesce(
            value_denominated,
            case impute
                when 'mean' then avg(value_denominated) over peers
                when 'median' then median(value_denominated) over peers
                when 'parent_mean' then avg(value_denominated) over siblings
                when 'parent_median' then median(value_denominated) over siblings
            end
        ) as value_imputed
    from denominated
    window
        peers as (partition by index_id, variant, node, ref_year),
        siblings as (partition by index_id, variant, node, ref_year, area_parent)
),

spread as (
    select
        index_id,
        variant,
        node,
        reference_year,
        any_value(winsorised_points) as winsorised_points,
        -- A logarithm would no longer be on the scale of goalposts and targets.
        bool_or(treat = 'winsorise_or_log' and normalise not in ('goalposts', 'distance_to_target')) as may_log,
        list(value_imputed order by value_imputed) as untreated
    from imputed
    where value_imputed is not null and treat in ('winsorise', 'winsorise_or_log')
    group by index_id, variant, node, reference_year
),

drawn_in as (
    select
        *,
        -- The linter knows no function of two parameters.
        {{ winsorised('untreated', 'winsorised_points') }} as winsorised -- noqa: PRS
    from spread
),

treatment as (
    select
        index_id,
        variant,
        node,
        reference_year,
        list_min(winsorised) as low,
        list_max(winsorised) as high,
        list_min(untreated) as lowest,
        list_max(untreated) as highest,
        may_log and not {{ free_of_outliers('winsorised') }} as is_log
    from drawn_in
),

treated as (
    select
        imputed.*,
        case
            when treatment.node is null or imputed.value_imputed is null then imputed.value_imputed
            when treatment.is_log then {{ log_transformed('imputed.value_imputed', 'treatment.lowest', 'treatment.highest') }}
            else greatest(treatment.low, least(treatment.high, imputed.value_imputed))
        end as value_treated,
        case
            when imputed.value_imputed is null then null
            when treatment.is_log then 'log'
            when imputed.value_imputed > treatment.high then 'winsorised_high'
            when imputed.value_imputed < treatment.low then 'winsorised_low'
            else 'none'
        end as treatment
    from imputed
    left join treatment
        on
            imputed.index_id = treatment.index_id and imputed.variant = treatment.variant and imputed.node = treatment.node
            and imputed.reference_year is not distinct from treatment.reference_year
)

select
    index_id,
    variant,
    node,
    parent,
    ref_area,
    ref_area_name,
    ref_year,
    reference_year,
    indicator,
    area_type,
    direction,
    value,
    value_denominated,
    value_imputed,
    value_denominated is null and value_imputed is not null as is_imputed,
    value_treated,
    treatment,
    {{ normalised(
        'normalise', 'direction * value_treated', 'direction', 'goalpost_low', 'goalpost_high', 'target',
        'scale_low', 'scale_high'
    ) }} as value_normalised,
    basis,
    comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from treated
window
    reference as (partition by index_id, variant, node, reference_year),
    ascending as (partition by index_id, variant, node, reference_year order by direction * value_treated asc nulls last)
