with {{ points_to_draw() }},

{{ drawn_choices() }},

-- Logarithms rank as the geometric mean does.
shaped_point as (
    select
        run,
        pattern,
        area_number,
        normalisation,
        unnest(['arithmetic', 'geometric']) as aggregate,
        if(aggregate = 'geometric', list_transform(z, lambda x: ln(x)), z) as z
    from numbered_point
),

drawn_score as (
    select
        point.run,
        choice.draw,
        list(point.area_number) as areas,
        list(round(list_inner_product(choice.weights, point.z), 9)) as scores
    from choice
    inner join shaped_point as point
        on
            choice.pattern = point.pattern and choice.normalisation = point.normalisation
            and choice.aggregate = point.aggregate
    group by point.run, choice.draw
),

graded as (
    select
        *,
        list_grade_up(scores, 'desc') as from_best
    from drawn_score
),

ordered as (
    select
        run,
        draw,
        list_select(areas, from_best) as areas,
        list_select(scores, from_best) as scores
    from graded
),

placed as (
    select
        *,
        list_transform(range(1, len(scores) + 1), lambda i: if(i > 1 and scores[i - 1] = scores[i], null, i)) as places
    from ordered
),

-- Ties share the least rank.
ranked as materialized (
    select
        run,
        draw,
        areas,
        if(
            list_aggregate(places, 'count') = len(places),
            places,
            list_transform(scores, lambda x: list_position(scores, x)::bigint)
        )::uinteger[] as ranks
    from placed
),

unfolded as (
    select
        run,
        draw,
        unnest(areas) as area_number,
        unnest(ranks) as rank
    from ranked
),

own_rank as (
    select distinct
        run,
        index_id,
        variant,
        ref_year,
        area_number,
        ref_area,
        own_rank
    from numbered_point
),

area_rank as (
    select
        run,
        area_number,
        count(*) as draws,
        quantile_disc(rank, [0.05, 0.5, 0.95]) as ranks
    from unfolded
    group by run, area_number
),

moved as (
    select
        unfolded.run,
        unfolded.draw,
        sum(abs(unfolded.rank::integer - own_rank.own_rank)) / count(*) as mean_rank_shift
    from unfolded
    inner join own_rank on unfolded.run = own_rank.run and unfolded.area_number = own_rank.area_number
    group by unfolded.run, unfolded.draw
),

run as (
    select distinct
        run,
        index_id,
        variant,
        ref_year
    from numbered_point
),

varied_node as (
    select
        below.index_id,
        below.node
    from drawn_node as below
    inner join drawn_node as above on below.index_id = above.index_id and below.parent = above.node
    where above.children > 1
),

-- A weight is held in twenty classes of equal width, a choice by its name.
classes as (
    select
        draw.index_id,
        draw.variant,
        draw.draw,
        'weight' as kind,
        varied_node.node as subject,
        floor(20 * {{ drawn_number('draw.seed', 'draw.draw', 'varied_node.node') }})::varchar as class
    from draw
    inner join varied_node on draw.index_id = varied_node.index_id
    union all
    select
        index_id,
        variant,
        draw,
        'choice' as kind,
        unnest(['normalise', 'aggregate']) as subject,
        unnest([normalise, aggregate]) as class
    from draw
),

class_mean as (
    select
        run.run,
        classes.kind,
        classes.subject,
        classes.class,
        count(*) as draws,
        avg(moved.mean_rank_shift) as mean,
        var_pop(moved.mean_rank_shift) * count(*) as squares
    from moved
    inner join run on moved.run = run.run
    inner join classes
        on run.index_id = classes.index_id and run.variant = classes.variant and moved.draw = classes.draw
    group by run.run, classes.kind, classes.subject, classes.class
),

whole as (
    select
        run,
        avg(mean_rank_shift) as mean,
        var_pop(mean_rank_shift) * count(*) as squares
    from moved
    group by run
),

parted as (
    select
        class_mean.run,
        class_mean.kind,
        class_mean.subject,
        sum(class_mean.draws) as draws,
        count(*) as classes,
        sum(class_mean.draws * pow(class_mean.mean - whole.mean, 2)) as squares_between,
        sum(class_mean.squares) as squares_within,
        any_value(whole.mean) as mean,
        any_value(whole.squares) as squares
    from class_mean
    inner join whole on class_mean.run = whole.run
    group by class_mean.run, class_mean.kind, class_mean.subject
),

told as (
    select
        run,
        kind,
        subject,
        draws,
        cast(null as integer[]) as ranks,
        mean as mean_rank_shift,
        -- Less what the means of that many classes differ by chance.
        case
            when squares > 0 and draws > classes
                then (squares_between - (classes - 1) * squares_within / (draws - classes)) / squares
        end as first_order
    from parted
    union all by name
    select
        area_rank.run,
        'area' as kind,
        own_rank.ref_area as subject,
        area_rank.draws,
        area_rank.ranks
    from area_rank
    inner join own_rank on area_rank.run = own_rank.run and area_rank.area_number = own_rank.area_number
)

select
    run.index_id,
    run.variant,
    run.ref_year,
    told.kind,
    told.subject,
    told.draws::integer as draws,
    told.ranks[1]::integer as rank_p05,
    told.ranks[2]::integer as rank_median,
    told.ranks[3]::integer as rank_p95,
    -- Sums of rounded numbers differ in their last digits by the order of rows.
    round(told.mean_rank_shift, 9) as mean_rank_shift,
    round(told.first_order, 9) as first_order
from told
inner join run on told.run = run.run
