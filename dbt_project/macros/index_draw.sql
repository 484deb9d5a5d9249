{# How many ranks all draws of a refresh may make together. Beyond it each variant is drawn less often, and says so: memory and
   time of a refresh are bounded, whatever is declared. #}
{% macro most_ranks() -%} 60000000 {%- endmacro %}

{# CTEs that end with `ranked`: one row per index, variant, year and draw, with a list of areas from the best score to the worst and
   the list of their ranks (competition, ties share the least). A draw varies, at once and independently,
   - the weight of every node among its siblings, evenly within the declared spread around its own;
   - the normalisation and the aggregation, each evenly among those declared, on a scale from 1 to 100.
   The number that decides belongs to seed, draw and factor alone, so that neither threads nor the order of rows matter.
   Areas with the same indicators present are scored by one list of weights a draw: a score is an inner product, of logarithms
   where the mean is geometric, which ranks alike. #}
{% macro ranked_draws() -%}
drawn_variant as (
    select
        *,
        string_split(draw_normalise, ' ') as draw_normalisations,
        string_split(draw_aggregate, ' ') as draw_aggregations
    from {{ ref('dim_index_variant') }}
    where draws > 0
),

drawn_node as (
    select * from {{ ref('dim_composite_index') }}
    where problem is null
),

scored_area as (
    select
        score.index_id,
        score.variant,
        score.ref_year,
        score.ref_area,
        score.rank
    from {{ ref('mart_index_score') }} as score
    inner join drawn_variant on score.index_id = drawn_variant.index_id and score.variant = drawn_variant.variant
    where score.node = 'index' and score.score_index is not null
    qualify
        dense_rank() over (partition by score.index_id, score.variant order by score.ref_year desc)
        <= any_value(drawn_variant.drawn_years) over (partition by score.index_id, score.variant)
),

scored_node as (
    select
        score.index_id,
        score.variant,
        score.ref_year,
        score.ref_area,
        score.node
    from {{ ref('mart_index_score') }} as score
    inner join scored_area
        on
            score.index_id = scored_area.index_id and score.variant = scored_area.variant
            and score.ref_year = scored_area.ref_year and score.ref_area = scored_area.ref_area
    where score.score_index is not null
),

-- What every node on the way from an indicator to the root is.
way as (
    select
        leaf.index_id,
        leaf.node as leaf,
        leaf.level as leaf_level,
        above.node,
        above.parent
    from drawn_node as leaf
    inner join drawn_node as above
        on leaf.index_id = above.index_id and starts_with(leaf.path || '/', above.path || '/')
    where leaf.indicator is not null
),

way_length as (
    select
        index_id,
        leaf,
        count(*) - 1 as above
    from way
    group by index_id, leaf
),

on_scale as (
    select
        one.index_id,
        one.variant,
        one.ref_year,
        one.ref_area,
        one.node,
        one.value_normalised,
        unnest(range(1, len(drawn_variant.draw_normalisations) + 1)) as normalisation,
        list_extract(drawn_variant.draw_normalisations, normalisation) as method,
        one.direction * one.value_treated as adjusted,
        one.direction,
        node.goalpost_low,
        node.goalpost_high,
        node.target,
        one.reference_year
    from {{ ref('mart_index_indicator') }} as one
    inner join drawn_variant on one.index_id = drawn_variant.index_id and one.variant = drawn_variant.variant
    inner join drawn_node as node on one.index_id = node.index_id and one.node = node.node
),

normalised_again as (
    select
        index_id,
        variant,
        ref_year,
        ref_area,
        node,
        value_normalised,
        normalisation,
        -- What has no spread tells no area from another.
        coalesce({{ normalised('method', 'adjusted', 'direction', 'goalpost_low', 'goalpost_high', 'target', 1, 100) }}, 1) as z
    from on_scale
    window
        reference as (partition by index_id, variant, node, reference_year, method),
        ascending as (
            partition by index_id, variant, node, reference_year, method order by adjusted asc nulls last
        )
),

-- An indicator counts where all that stands above it has a score.
counted as (
    select
        again.index_id,
        again.variant,
        again.ref_year,
        again.ref_area,
        again.node,
        again.normalisation,
        any_value(again.z) as z
    from normalised_again as again
    inner join way on again.index_id = way.index_id and again.node = way.leaf and way.node <> way.leaf
    inner join way_length on again.index_id = way_length.index_id and again.node = way_length.leaf
    inner join scored_node
        on
            again.index_id = scored_node.index_id and again.variant = scored_node.variant
            and again.ref_year = scored_node.ref_year and again.ref_area = scored_node.ref_area
            and way.node = scored_node.node
    where again.value_normalised is not null
    group by again.index_id, again.variant, again.ref_year, again.ref_area, again.node, again.normalisation
    having count(*) = any_value(way_length.above)
),

weight_of_year as (
    select
        index_id,
        variant,
        ref_year,
        list(struct_pack(node := node, weight := round(weight, 12)) order by node) as weights
    from {{ ref('mart_index_weight') }}
    group by index_id, variant, ref_year
),

point as (
    select
        counted.index_id,
        counted.variant,
        counted.ref_year,
        counted.ref_area,
        counted.normalisation,
        list(counted.node order by counted.node) as leaves,
        list(counted.z order by counted.node) as z,
        any_value(weight_of_year.weights) as weights
    from counted
    inner join weight_of_year
        on
            counted.index_id = weight_of_year.index_id and counted.variant = weight_of_year.variant
            and counted.ref_year = weight_of_year.ref_year
    group by counted.index_id, counted.variant, counted.ref_year, counted.ref_area, counted.normalisation
),

numbered_point as (
    select
        *,
        dense_rank() over (order by index_id, variant, leaves, weights) as pattern,
        dense_rank() over (order by ref_area)::uinteger as area_number
    from point
),

pattern as (
    select
        pattern,
        index_id,
        variant,
        any_value(leaves) as leaves,
        any_value(weights) as weights
    from numbered_point
    group by pattern, index_id, variant
),

pattern_node as (
    select
        pattern.pattern,
        pattern.index_id,
        pattern.variant,
        one.weight.node as node,
        way.parent,
        any_value(one.weight.weight) as weight
    from pattern
    cross join unnest(pattern.weights) as one (weight)
    inner join way
        on
            pattern.index_id = way.index_id and one.weight.node = way.node
            and list_contains(pattern.leaves, way.leaf) and way.parent is not null
    group by pattern.pattern, pattern.index_id, pattern.variant, one.weight.node, way.parent
),

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
        pattern_node.index_id,
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
        way.leaf,
        product(drawn_weight.share) as weight
    from drawn_weight
    inner join way on drawn_weight.index_id = way.index_id and drawn_weight.node = way.node
    inner join pattern on drawn_weight.pattern = pattern.pattern and list_contains(pattern.leaves, way.leaf)
    group by drawn_weight.pattern, drawn_weight.draw, way.leaf
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
),

shaped_point as (
    select
        pattern,
        index_id,
        variant,
        ref_year,
        area_number,
        normalisation,
        unnest(['arithmetic', 'geometric']) as aggregate,
        if(aggregate = 'geometric', list_transform(z, lambda x: ln(x)), z) as z
    from numbered_point
),

drawn_score as (
    select
        point.index_id,
        point.variant,
        point.ref_year,
        choice.draw,
        list(point.area_number) as areas,
        list(round(list_inner_product(choice.weights, point.z), 9)) as scores
    from choice
    inner join shaped_point as point
        on
            choice.pattern = point.pattern and choice.normalisation = point.normalisation
            and choice.aggregate = point.aggregate
    group by point.index_id, point.variant, point.ref_year, choice.draw
),

graded as (
    select
        * exclude (areas, scores),
        list_select(areas, list_grade_up(scores, 'desc')) as areas,
        list_reverse_sort(scores) as scores
    from drawn_score
),

marked as (
    select
        * exclude (scores),
        scores,
        list_transform(range(1, len(scores) + 1), lambda i: if(i > 1 and scores[i - 1] = scores[i], null, i)) as places
    from graded
),

ranked as (
    select
        index_id,
        variant,
        ref_year,
        draw,
        areas,
        if(
            list_aggregate(places, 'count') = len(places),
            places,
            list_transform(scores, lambda x: list_position(scores, x)::bigint)
        ) as ranks
    from marked
)
{%- endmacro %}
