{# How many ranks all draws of a refresh may make together. Beyond it each variant is drawn less often, and says so: memory and
   time of a refresh are bounded, whatever is declared. #}
{% macro most_ranks() -%} 30000000 {%- endmacro %}

{# CTEs on those of points_to_draw that end with `choice`: one row per pattern and draw with the normalisation, the mean and the
   weights that were drawn. A draw varies, at once and independently,
   - the weight of every node among its siblings, evenly within the declared spread around its own;
   - normalisation and mean, each evenly among those declared, on a scale from 1 to 100.
   What decides is a number that belongs to seed, draw and factor alone, so that neither threads nor the order of rows matter. #}
{% macro drawn_choices() -%}
budget as (
    select {{ most_ranks() }} // greatest(count(*), 1) as draws from scored_area
),

draw as (
    select
        drawn_variant.index_id,
        drawn_variant.variant,
        drawn_variant.seed,
        drawn_variant.weight_spread_pct / 100 as spread,
        unnest(range(1, least(drawn_variant.draws, budget.draws) + 1))::integer as draw,
        1 + floor({{ drawn_number('drawn_variant.seed', 'draw', "'normalise'") }} * len(drawn_variant.draw_normalisations))
            ::bigint as normalisation,
        1 + floor({{ drawn_number('drawn_variant.seed', 'draw', "'aggregate'") }} * len(drawn_variant.draw_aggregations))
            ::bigint as aggregation,
        list_extract(drawn_variant.draw_normalisations, normalisation) as normalise,
        list_extract(drawn_variant.draw_aggregations, aggregation) as aggregate
    from drawn_variant
    cross join budget
),

drawn_factor as (
    select
        draw.index_id,
        draw.variant,
        draw.draw,
        node.node,
        1 + draw.spread * (2 * {{ drawn_number('draw.seed', 'draw.draw', 'node.node') }} - 1) as factor
    from draw
    inner join drawn_node as node on draw.index_id = node.index_id and node.parent is not null
),

drawn_weight as (
    select
        pattern_node.pattern,
        drawn_factor.draw,
        pattern_node.node,
        pattern_node.weight * drawn_factor.factor
        / nullif(sum(pattern_node.weight * drawn_factor.factor) over siblings, 0) as share
    from pattern_node
    inner join drawn_factor
        on
            pattern_node.index_id = drawn_factor.index_id and pattern_node.variant = drawn_factor.variant
            and pattern_node.node = drawn_factor.node
    window siblings as (partition by pattern_node.pattern, drawn_factor.draw, pattern_node.parent)
),

effective_weight as (
    select
        drawn_weight.pattern,
        drawn_weight.draw,
        pattern_way.leaf,
        product(drawn_weight.share) as weight
    from drawn_weight
    inner join pattern_way
        on drawn_weight.pattern = pattern_way.pattern and drawn_weight.node = pattern_way.node
    group by drawn_weight.pattern, drawn_weight.draw, pattern_way.leaf
),

weighing as (
    select
        effective_weight.pattern,
        effective_weight.draw,
        list(effective_weight.weight order by effective_weight.leaf) as weights
    from effective_weight
    group by effective_weight.pattern, effective_weight.draw
),

choice as (
    select
        weighing.pattern,
        draw.draw,
        draw.normalisation,
        draw.aggregate,
        weighing.weights
    from weighing
    inner join pattern on weighing.pattern = pattern.pattern
    inner join draw
        on pattern.index_id = draw.index_id and pattern.variant = draw.variant and weighing.draw = draw.draw
)
{%- endmacro %}
