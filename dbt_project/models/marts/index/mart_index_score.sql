with recursive node as (
    select * from {{ ref('dim_composite_index') }}
    where problem is null
),

variant as (
    select
        *,
        string_split(aggregate, ' ') as methods
    from {{ ref('dim_index_variant') }}
),

part as (
    select
        one.*,
        node.path,
        node.level,
        one.value_normalised is not null and not one.is_imputed as is_present
    from {{ ref('mart_index_indicator') }} as one
    inner join node on one.index_id = node.index_id and one.node = node.node
),

-- What a node brings to the one above.
step_up as (
    select
        weight.index_id,
        weight.variant,
        weight.ref_year,
        weight.node,
        weight.weight,
        above.node as parent,
        above.level as parent_level,
        above.children,
        above.min_present_share,
        list_extract(variant.methods, least(above.level - 1, len(variant.methods))) as method
    from {{ ref('mart_index_weight') }} as weight
    inner join variant on weight.index_id = variant.index_id and weight.variant = variant.variant
    inner join node as above on weight.index_id = above.index_id and weight.parent = above.node
),

-- One level at a time; what stands below a higher node waits for it.
climbed as (
    select
        index_id,
        variant,
        ref_area,
        ref_year,
        node,
        level,
        1 as height,
        value_normalised as score,
        is_present
    from part
    union all
    select
        climbed.index_id,
        climbed.variant,
        climbed.ref_area,
        climbed.ref_year,
        if(step_up.parent_level = climbed.height + 1, step_up.parent, climbed.node) as node,
        if(step_up.parent_level = climbed.height + 1, step_up.parent_level, climbed.level) as level,
        climbed.height + 1 as height,
        case
            when
                not bool_or(step_up.parent_level = climbed.height + 1)
                or {{ enough('count(*) filter (climbed.is_present)', 'any_value(step_up.children)',
                             'any_value(step_up.min_present_share)') }}
                then {{ aggregated(
                    'any_value(step_up.method)',
                    'if(step_up.parent_level = climbed.height + 1, step_up.weight, 1)',
                    'climbed.score'
                ) }}
        end as score,
        if(
            bool_or(step_up.parent_level = climbed.height + 1),
            count(climbed.score) > 0
            and {{ enough('count(*) filter (climbed.is_present)', 'any_value(step_up.children)',
                          'any_value(step_up.min_present_share)') }},
            bool_or(climbed.is_present)
        ) as is_present
    from climbed
    inner join step_up
        on
            climbed.index_id = step_up.index_id and climbed.variant = step_up.variant
            and climbed.ref_year = step_up.ref_year and climbed.node = step_up.node
    group by
        climbed.index_id, climbed.variant, climbed.ref_area, climbed.ref_year, climbed.height,
        if(step_up.parent_level = climbed.height + 1, step_up.parent, climbed.node),
        if(step_up.parent_level = climbed.height + 1, step_up.parent_level, climbed.level)
),

below as (
    select
        part.index_id,
        part.variant,
        part.ref_area,
        any_value(part.ref_area_name) as ref_area_name,
        part.ref_year,
        node.node,
        any_value(node.indicators) as indicators,
        count(*) filter (part.is_present)::integer as indicators_present,
        string_agg(part.node, ' ' order by part.node) filter (part.is_present) as present,
        string_agg(distinct part.basis, ' / ' order by part.basis) as basis,
        bool_and(part.comparable_with_previous) as comparable_with_previous,
        {{ worst_obs_status('part.obs_status') }} as obs_status,
        {{ worst_conf_status('part.conf_status') }} as conf_status,
        {{ worst_quality_status('part.quality_status') }} as quality_status,
        max(part.vintage) as vintage
    from part
    inner join node
        on part.index_id = node.index_id and starts_with(part.path, node.path || '/')
    group by part.index_id, part.variant, part.ref_area, part.ref_year, node.node
)

select
    below.index_id,
    below.node,
    below.ref_area,
    below.ref_area_name,
    below.ref_year,
    below.variant,
    variant.is_headline,
    -- What is left of rounding would part what is equal.
    round(climbed.score, 9) as score_index,
    case
        when climbed.score is not null then
            cast(rank() over (
                partition by below.index_id, below.variant, below.node, below.ref_year
                order by round(climbed.score, 9) desc nulls last
            ) as integer)
    end as rank,
    cast(
        count(climbed.score) over (partition by below.index_id, below.variant, below.node, below.ref_year) as integer
    ) as peers,
    below.indicators,
    below.indicators_present,
    below.basis,
    case
        when lag(below.ref_year) over series = below.ref_year - 1 then
            variant.reference = 'pooled' and coalesce(below.comparable_with_previous, true)
            and coalesce(below.present, '') = coalesce(lag(below.present) over series, '')
    end as comparable_with_previous,
    below.obs_status,
    below.conf_status,
    below.quality_status,
    below.vintage
from below
inner join variant on below.index_id = variant.index_id and below.variant = variant.variant
left join climbed
    on
        below.index_id = climbed.index_id and below.variant = climbed.variant and below.ref_area = climbed.ref_area
        and below.ref_year = climbed.ref_year and below.node = climbed.node and climbed.level = climbed.height
window series as (partition by below.index_id, below.variant, below.ref_area, below.node order by below.ref_year)
