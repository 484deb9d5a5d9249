select
    score.index_id,
    score.node,
    score.ref_area,
    score.ref_area_name,
    score.ref_year,
    score.variant,
    score.is_headline,
    score.score_index,
    score.rank,
    score.peers,
    drawn.rank_p05,
    drawn.rank_median,
    drawn.rank_p95,
    drawn.draws,
    score.indicators_present,
    score.indicators,
    score.basis,
    score.comparable_with_previous,
    score.obs_status,
    score.conf_status,
    score.quality_status,
    score.vintage
from {{ ref('mart_index_score') }} as score
left join {{ ref('mart_index_uncertainty') }} as drawn
    on
        score.index_id = drawn.index_id and score.variant = drawn.variant and score.ref_year = drawn.ref_year
        and drawn.kind = 'area' and score.ref_area = drawn.subject and score.node = 'index'
