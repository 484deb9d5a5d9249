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
        one.index_id,
        one.variant,
        one.ref_area,
        one.ref_year,
        one.node,
        node.level,
        one.value_normalised as score,
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
        score,
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
                or {{ enough('count(climbed.score) filter (climbed.is_present)', 'any_value(step_up.children)',
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
            and {{ enough('count(climbed.score) filter (climbed.is_present)', 'any_value(step_up.children)',
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
)

select
    index_id,
    variant,
    node,
    ref_area,
    ref_year,
    -- What is left of rounding would part what is equal.
    round(score, 9) as score_index,
    case
        when score is not null then
            cast(rank() over (
                partition by index_id, variant, node, ref_year order by round(score, 9) desc nulls last
            ) as integer)
    end as rank,
    cast(count(score) over (partition by index_id, variant, node, ref_year) as integer) as peers
from climbed
where level = height and level > 1
