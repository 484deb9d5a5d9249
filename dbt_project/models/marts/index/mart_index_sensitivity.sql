with variant as (
    select * from {{ ref('dim_index_variant') }}
),

node as (
    select * from {{ ref('dim_composite_index') }}
    where problem is null
),

drawn as (
    select
        draw.*,
        variant.seed
    from {{ ref('mart_index_draw') }} as draw
    inner join variant on draw.index_id = variant.index_id and draw.variant = variant.variant
),

varied_node as (
    select
        below.index_id,
        below.node
    from node as below
    inner join node as above on below.index_id = above.index_id and below.parent = above.node
    where above.children > 1
),

-- A weight is held in twenty classes of equal width, a choice by its name.
varied as (
    select
        drawn.index_id,
        drawn.variant,
        drawn.ref_year,
        'weight' as kind,
        varied_node.node as factor,
        floor(20 * {{ drawn_number('drawn.seed', 'drawn.draw', 'varied_node.node') }})::varchar as class,
        drawn.mean_rank_shift
    from drawn
    inner join varied_node on drawn.index_id = varied_node.index_id
    union all
    select
        index_id,
        variant,
        ref_year,
        'choice' as kind,
        'normalise' as factor,
        normalise as class,
        mean_rank_shift
    from drawn
    union all
    select
        index_id,
        variant,
        ref_year,
        'choice' as kind,
        'aggregate' as factor,
        aggregate as class,
        mean_rank_shift
    from drawn
),

classed as (
    select
        index_id,
        variant,
        ref_year,
        kind,
        factor,
        class,
        count(*) as draws,
        avg(mean_rank_shift) as mean,
        var_pop(mean_rank_shift) * count(*) as within_squares
    from varied
    group by index_id, variant, ref_year, kind, factor, class
),

whole as (
    select
        index_id,
        variant,
        ref_year,
        avg(mean_rank_shift) as mean,
        var_pop(mean_rank_shift) * count(*) as squares
    from drawn
    group by index_id, variant, ref_year
),

parted as (
    select
        classed.index_id,
        classed.variant,
        classed.ref_year,
        classed.kind,
        classed.factor,
        sum(classed.draws)::integer as draws,
        count(*) as classes,
        sum(classed.draws * pow(classed.mean - whole.mean, 2)) as between_squares,
        sum(classed.within_squares) as within_squares,
        any_value(whole.mean) as mean,
        any_value(whole.squares) as squares
    from classed
    inner join whole
        on classed.index_id = whole.index_id and classed.variant = whole.variant and classed.ref_year = whole.ref_year
    group by classed.index_id, classed.variant, classed.ref_year, classed.kind, classed.factor
)

select
    index_id,
    variant,
    ref_year,
    kind,
    factor,
    draws,
    mean as mean_rank_shift,
    -- Less what the means of that many classes differ by chance.
    case
        when squares > 0 and draws > classes then
            (between_squares - (classes - 1) * within_squares / (draws - classes)) / squares
    end as first_order
from parted
