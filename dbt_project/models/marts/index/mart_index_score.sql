with recursive node as (
    select * from {{ ref('dim_composite_index') }} where problem is null
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
        if(one.is_imputed, null, one.value_normalised) is not null as is_present
    from {{ ref('mart_index_indicator') }} as one
    inner join node on one.index_id = node.index_id and one.node = node.node
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
        1 as step,
        value_normalised as score,
        is_present
    from part
    union all
    (
        with waiting as (
            select
                climbed.*,
                own.parent,
                above.level as parent_level,
                above.level = climbed.step + 1 as is_due
            from climbed
            inner join node as own on climbed.index_id = own.index_id and climbed.node = own.node
            inner join node as above on own.index_id = above.index_id and own.parent = above.node
        ),

        joined as (
            select
                waiting.index_id,
                waiting.variant,
                waiting.ref_area,
                waiting.ref_year,
                if(waiting.is_due, waiting.parent, waiting.node) as node,
                if(waiting.is_due, waiting.parent_level, waiting.level) as level,
                waiting.step + 1 as step,
                waiting.is_due,
                waiting.is_present,
                waiting.score,
                if(waiting.is_due, weight.weight, 1) as weight,
                if(waiting.is_due, list_extract(variant.methods, least(waiting.step, len(variant.methods))), 'arithmetic')
                    as method
            from waiting
            inner join variant on waiting.index_id = variant.index_id and waiting.variant = variant.variant
            inner join {{ ref('mart_index_weight') }} as weight
                on
                    waiting.index_id = weight.index_id and waiting.variant = weight.variant
                    and waiting.ref_year = weight.ref_year and waiting.node = weight.node
        ),

        gathered as (
            select
                index_id,
                variant,
                ref_area,
                ref_year,
                node,
                level,
                step,
                is_due,
                count(*) filter (is_present) as present,
                {{ aggregated('any_value(method)', 'weight', 'score') }} as score
            from joined
            group by index_id, variant, ref_area, ref_year, node, level, step, is_due
        )

        select
            gathered.index_id,
            gathered.variant,
            gathered.ref_area,
            gathered.ref_year,
            gathered.node,
            gathered.level,
            gathered.step,
            case
                when
                    not gathered.is_due
                    or {{ enough('gathered.present', 'node.children', 'node.min_present_share') }}
                    then gathered.score
            end as score,
            case
                when gathered.is_due then
                    gathered.score is not null
                    and {{ enough('gathered.present', 'node.children', 'node.min_present_share') }}
                else gathered.present > 0
            end as is_present
        from gathered
        inner join node on gathered.index_id = node.index_id and gathered.node = node.node
    )
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
            rank() over (
                partition by below.index_id, below.variant, below.node, below.ref_year
                order by round(climbed.score, 9) desc nulls last
            )::integer
    end as rank,
    count(climbed.score) over (partition by below.index_id, below.variant, below.node, below.ref_year)::integer as peers,
    below.indicators,
    below.indicators_present,
    below.basis,
    case
        when lag(below.ref_year) over series = below.ref_year - 1 then
            variant.reference = 'pooled' and below.comparable_with_previous is not false
            and below.present is not distinct from lag(below.present) over series
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
        and below.ref_year = climbed.ref_year and below.node = climbed.node and climbed.level = climbed.step
window series as (partition by below.index_id, below.variant, below.ref_area, below.node order by below.ref_year)
