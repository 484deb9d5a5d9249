with variant as (
    select * from {{ ref('dim_index_variant') }}
),

node as (
    select * from {{ ref('dim_composite_index') }}
    where problem is null
),

-- Weights that the data give are found on values from 0 to 1, whatever the scale of the index.
scaled as (
    select
        one.index_id,
        one.variant,
        one.node,
        one.parent,
        one.ref_area,
        one.ref_year,
        one.reference_year,
        variant.weigh,
        (one.direction * one.value_treated - min(one.direction * one.value_treated) over reference)
        / nullif(
            max(one.direction * one.value_treated) over reference - min(one.direction * one.value_treated) over reference, 0
        )
        + if(variant.weigh = 'entropy_shifted', 0.0001, 0) as z,
        max(one.value_treated) over reference > min(one.value_treated) over reference as has_spread
    from {{ ref('mart_index_indicator') }} as one
    inner join variant on one.index_id = variant.index_id and one.variant = variant.variant
    where variant.weigh in ('entropy', 'entropy_shifted', 'pca')
    window reference as (partition by one.index_id, one.variant, one.node, one.reference_year)
),

diverging as (
    select
        index_id,
        variant,
        node,
        reference_year,
        -- What is left of rounding is no divergence.
        greatest(round({{ divergence('z') }}, 12), 0) as divergence
    from scaled
    where weigh in ('entropy', 'entropy_shifted')
    group by index_id, variant, node, reference_year
),

varying as (
    select
        index_id,
        variant,
        parent,
        reference_year,
        ref_area,
        ref_year,
        list(struct_pack(node := node, z := z) order by node) as parts
    from scaled
    where
        weigh = 'pca'
        and has_spread
    group by index_id, variant, parent, reference_year, ref_area, ref_year
    having count(z) = count(*)
),

correlated as (
    select
        varying.index_id,
        varying.variant,
        varying.parent,
        varying.reference_year,
        one.part['node'] as node,
        other.part['node'] as other_node,
        coalesce(nullif(corr(one.part['z'], other.part['z']), 'nan'::double), 0) as correlation
    from varying
    cross join unnest(varying.parts) as one (part)
    cross join unnest(varying.parts) as other (part)
    group by all
),

correlation_row as (
    select
        index_id,
        variant,
        parent,
        reference_year,
        node,
        list(correlation order by other_node) as correlations
    from correlated
    group by index_id, variant, parent, reference_year, node
),

correlation_matrix as (
    select
        index_id,
        variant,
        parent,
        reference_year,
        list(node order by node) as nodes,
        list(correlations order by node) as rows_of_matrix
    from correlation_row
    group by index_id, variant, parent, reference_year
),

component as (
    select
        index_id,
        variant,
        parent,
        reference_year,
        nodes,
        -- The linter knows no function of two parameters.
        {{ leading_vector('rows_of_matrix') }} as loadings -- noqa: PRS
    from correlation_matrix
),

loading as (
    select
        index_id,
        variant,
        parent,
        reference_year,
        unnest(nodes) as node,
        unnest(loadings) as loading
    from component
),

reference as (
    select distinct
        index_id,
        variant,
        ref_year,
        reference_year
    from {{ ref('mart_index_indicator') }}
),

-- A node above the indicators carries the sum of the divergences below it.
diverging_below as (
    select
        diverging.index_id,
        diverging.variant,
        diverging.reference_year,
        above.node,
        sum(diverging.divergence) as divergence
    from diverging
    inner join node as below on diverging.index_id = below.index_id and diverging.node = below.node
    inner join node as above
        on below.index_id = above.index_id and starts_with(below.path || '/', above.path || '/')
    group by diverging.index_id, diverging.variant, diverging.reference_year, above.node
),

found as (
    select
        reference.index_id,
        reference.variant,
        reference.ref_year,
        reference.reference_year,
        node.node,
        node.parent,
        node.path,
        node.indicator,
        node.weight as expert_weight,
        variant.weigh,
        diverging_below.divergence,
        loading.loading
    from reference
    inner join variant on reference.index_id = variant.index_id and reference.variant = variant.variant
    inner join node on reference.index_id = node.index_id
    left join diverging_below
        on
            reference.index_id = diverging_below.index_id and reference.variant = diverging_below.variant
            and reference.reference_year is not distinct from diverging_below.reference_year
            and node.node = diverging_below.node
    left join loading
        on
            reference.index_id = loading.index_id and reference.variant = loading.variant
            and reference.reference_year is not distinct from loading.reference_year and node.node = loading.node
),

stated as (
    select
        *,
        case
            when weigh = 'expert' then expert_weight
            when weigh in ('entropy', 'entropy_shifted') and sum(divergence) over siblings > 0 then coalesce(divergence, 0)
            when weigh = 'pca' and indicator is null then expert_weight
            when weigh = 'pca' and count(loading) over siblings > 0 then coalesce(loading, 0)
            else 1
        end as stated_weight
    from found
    window siblings as (partition by index_id, variant, ref_year, parent)
),

shared as (
    select
        *,
        stated_weight / nullif(sum(stated_weight) over (partition by index_id, variant, ref_year, parent), 0) as weight
    from stated
)

select
    shared.index_id,
    shared.variant,
    shared.node,
    shared.ref_year,
    shared.parent,
    shared.weigh,
    shared.weight,
    product(above.weight) as weight_in_index,
    any_value(shared.divergence) as divergence,
    any_value(shared.loading) as loading,
    shared.weight < 0 as is_negative
from shared
inner join shared as above
    on
        shared.index_id = above.index_id and shared.variant = above.variant and shared.ref_year = above.ref_year
        and starts_with(shared.path || '/', above.path || '/')
group by all
