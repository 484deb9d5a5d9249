with {{ ranked_draws() }},

own_rank as (
    select
        scored_area.index_id,
        scored_area.variant,
        scored_area.ref_year,
        numbered_point.area_number,
        any_value(scored_area.rank) as rank
    from scored_area
    inner join numbered_point
        on
            scored_area.index_id = numbered_point.index_id and scored_area.variant = numbered_point.variant
            and scored_area.ref_year = numbered_point.ref_year and scored_area.ref_area = numbered_point.ref_area
    group by scored_area.index_id, scored_area.variant, scored_area.ref_year, numbered_point.area_number
),

unfolded as (
    select
        index_id,
        variant,
        ref_year,
        draw,
        unnest(areas) as area_number,
        unnest(ranks)::integer as rank
    from ranked
),

shifted as (
    select
        unfolded.index_id,
        unfolded.variant,
        unfolded.ref_year,
        unfolded.draw,
        sum(abs(unfolded.rank - own_rank.rank)) / count(*) as mean_rank_shift
    from unfolded
    inner join own_rank
        on
            unfolded.index_id = own_rank.index_id and unfolded.variant = own_rank.variant
            and unfolded.ref_year = own_rank.ref_year and unfolded.area_number = own_rank.area_number
    group by unfolded.index_id, unfolded.variant, unfolded.ref_year, unfolded.draw
)

select
    shifted.index_id,
    shifted.variant,
    shifted.ref_year,
    shifted.draw,
    draw.normalise,
    draw.aggregate,
    shifted.mean_rank_shift
from shifted
inner join draw on shifted.index_id = draw.index_id and shifted.variant = draw.variant and shifted.draw = draw.draw
