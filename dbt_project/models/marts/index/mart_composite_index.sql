with variant as (
    select * from {{ ref('dim_index_variant') }}
),

node as (
    select * from {{ ref('dim_composite_index') }}
    where problem is null
),

below as (
    select
        leaf.index_id,
        leaf.variant,
        leaf.ref_area,
        any_value(leaf.ref_area_name) as ref_area_name,
        leaf.ref_year,
        above.node,
        any_value(above.indicators) as indicators,
        cast(count(leaf.value_normalised) filter (not leaf.is_imputed) as integer) as indicators_present,
        string_agg(leaf.node, ' ' order by leaf.node) filter (leaf.value_normalised is not null and not leaf.is_imputed)
            as present,
        string_agg(distinct leaf.basis, ' / ' order by leaf.basis) as basis,
        bool_and(leaf.comparable_with_previous) as inputs_comparable,
        {{ worst_obs_status('leaf.obs_status') }} as obs_status,
        {{ worst_conf_status('leaf.conf_status') }} as conf_status,
        {{ worst_quality_status('leaf.quality_status') }} as quality_status,
        max(leaf.vintage) as vintage
    from {{ ref('mart_index_indicator') }} as leaf
    inner join node as own on leaf.index_id = own.index_id and leaf.node = own.node
    inner join node as above on leaf.index_id = above.index_id and starts_with(own.path, above.path || '/')
    group by leaf.index_id, leaf.variant, leaf.ref_area, leaf.ref_year, above.node
),

drawn as (
    select * from {{ ref('mart_index_uncertainty') }}
    where kind = 'area'
)

select
    score.index_id,
    score.node,
    score.ref_area,
    below.ref_area_name,
    score.ref_year,
    score.variant,
    variant.is_headline,
    score.score_index,
    score.rank,
    score.peers,
    drawn.rank_p05,
    drawn.rank_median,
    drawn.rank_p95,
    drawn.draws,
    below.indicators_present,
    below.indicators,
    below.basis,
    case
        when lag(score.ref_year) over series = score.ref_year - 1 then
            variant.reference = 'pooled' and coalesce(below.inputs_comparable, true)
            and coalesce(below.present, '') = coalesce(lag(below.present) over series, '')
    end as comparable_with_previous,
    below.obs_status,
    below.conf_status,
    below.quality_status,
    below.vintage
from {{ ref('mart_index_score') }} as score
inner join variant on score.index_id = variant.index_id and score.variant = variant.variant
inner join below
    on
        score.index_id = below.index_id and score.variant = below.variant and score.node = below.node
        and score.ref_area = below.ref_area and score.ref_year = below.ref_year
left join drawn
    on
        score.index_id = drawn.index_id and score.variant = drawn.variant and score.ref_year = drawn.ref_year
        and score.ref_area = drawn.subject and score.node = 'index'
window series as (partition by score.index_id, score.variant, score.ref_area, score.node order by score.ref_year)
