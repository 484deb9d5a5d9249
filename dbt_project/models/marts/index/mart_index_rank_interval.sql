with {{ ranked_draws() }},

area as (
    select distinct
        area_number,
        ref_area
    from numbered_point
),

unfolded as (
    select
        index_id,
        variant,
        ref_year,
        unnest(areas) as area_number,
        unnest(ranks)::integer as rank
    from ranked
),

summarised as (
    select
        index_id,
        variant,
        ref_year,
        area_number,
        count(*)::integer as draws,
        quantile_disc(rank, [0.05, 0.5, 0.95]) as ranks,
        avg(rank) as rank_mean
    from unfolded
    group by index_id, variant, ref_year, area_number
)

select
    summarised.index_id,
    summarised.variant,
    area.ref_area,
    summarised.ref_year,
    summarised.draws,
    summarised.ranks[1] as rank_p05,
    summarised.ranks[2] as rank_median,
    summarised.ranks[3] as rank_p95,
    summarised.rank_mean
from summarised
inner join area on summarised.area_number = area.area_number
