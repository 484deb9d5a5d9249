{# CTEs that end with `numbered_point` (one row per area of a run, which is an index, variant and year, and normalisation: the
   values of the indicators that count there, as a list), `pattern` (the sets of indicators and weights that there are),
   `pattern_way` and `pattern_node` (their part of the tree). Areas of one pattern are scored by one list of weights a draw. #}
{% macro points_to_draw() -%}
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
        any_value(weight_of_year.weights) as weights,
        any_value(scored_area.rank) as own_rank
    from counted
    inner join scored_area
        on
            counted.index_id = scored_area.index_id and counted.variant = scored_area.variant
            and counted.ref_year = scored_area.ref_year and counted.ref_area = scored_area.ref_area
    inner join weight_of_year
        on
            counted.index_id = weight_of_year.index_id and counted.variant = weight_of_year.variant
            and counted.ref_year = weight_of_year.ref_year
    group by counted.index_id, counted.variant, counted.ref_year, counted.ref_area, counted.normalisation
),

numbered_point as (
    select
        *,
        cast(dense_rank() over (order by index_id, variant, leaves, weights) as uinteger) as pattern,
        cast(dense_rank() over (order by index_id, variant, ref_year) as uinteger) as run,
        cast(dense_rank() over (order by ref_area) as uinteger) as area_number
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

pattern_way as (
    select
        pattern.pattern,
        pattern.index_id,
        pattern.variant,
        way.leaf,
        way.node,
        way.parent
    from pattern
    inner join way on pattern.index_id = way.index_id and list_contains(pattern.leaves, way.leaf)
    where way.parent is not null
),

pattern_weight as (
    select
        pattern,
        unnest(weights) as node_weight
    from pattern
),

pattern_node as (
    select distinct
        pattern_way.pattern,
        pattern_way.index_id,
        pattern_way.variant,
        pattern_way.node,
        pattern_way.parent,
        pattern_weight.node_weight['weight'] as weight
    from pattern_way
    inner join pattern_weight
        on pattern_way.pattern = pattern_weight.pattern and pattern_way.node = pattern_weight.node_weight['node']
)
{%- endmacro %}
