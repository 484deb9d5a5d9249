with recursive declared as (
    select
        node.*,
        indicator.indicator is not null as is_registered,
        coalesce(node.direction, indicator.direction) as any_direction
    from {{ ref('stg_composite_index') }} as node
    left join {{ ref('dim_indicator') }} as indicator on node.indicator = indicator.indicator
),

-- From the root down; what hangs on no known node is never reached.
reached as (
    select
        index_id,
        node,
        node as path,
        0 as depth
    from declared
    where node = 'index' and parent is null
    union all
    select
        child.index_id,
        child.node,
        reached.path || '/' || child.node as path,
        reached.depth + 1 as depth
    from reached
    inner join declared as child on reached.index_id = child.index_id and reached.node = child.parent
),

-- How high a node stands above the lowest below it, and how many indicators stand there.
counted as (
    select
        above.index_id,
        above.node,
        max(below.depth - above.depth) + 1 as level,
        count(declared.indicator) as indicators
    from reached as above
    inner join reached as below
        on above.index_id = below.index_id and starts_with(below.path || '/', above.path || '/')
    inner join declared on below.index_id = declared.index_id and below.node = declared.node
    group by above.index_id, above.node
),

parent as (
    select
        index_id,
        parent as node,
        count(*)::integer as children
    from declared
    where parent is not null
    group by index_id, parent
)

select
    declared.index_id,
    declared.node,
    declared.parent,
    declared.name_zh,
    declared.name_en,
    reached.path,
    counted.level::integer as level,
    coalesce(parent.children, 0) as children,
    coalesce(counted.indicators, 0)::integer as indicators,
    declared.indicator,
    if(declared.indicator is not null, coalesce(declared.area_type, 'total'), null) as area_type,
    declared.denominator,
    if(declared.denominator is not null, coalesce(declared.denominator_area_type, 'total'), null) as denominator_area_type,
    if(declared.indicator is not null, nullif(declared.any_direction, 0), null) as direction,
    coalesce(declared.weight, 1) as weight,
    declared.goalpost_low,
    declared.goalpost_high,
    declared.target,
    declared.unit,
    coalesce(declared.min_present_share, 0.67) as min_present_share,
    case
        when reached.node is null then 'unknown_parent'
        when declared.indicator is null and parent.node is null then 'no_children'
        when declared.indicator is not null and parent.node is not null then 'indicator_with_children'
        when declared.indicator is not null and not declared.is_registered then 'unknown_indicator'
        when declared.indicator is not null and coalesce(declared.any_direction, 0) = 0 then 'no_direction'
    end as problem,
    declared.reason
from declared
left join reached on declared.index_id = reached.index_id and declared.node = reached.node
left join counted on declared.index_id = counted.index_id and declared.node = counted.node
left join parent on declared.index_id = parent.index_id and declared.node = parent.node
