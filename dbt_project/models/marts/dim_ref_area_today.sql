-- Each stretch of years of an area is followed through what became of it, until the areas of today are reached.
with recursive area as (
    select * from {{ ref('int_ref_area') }}
),

change as (
    select * from {{ ref('int_ref_area_change') }}
    where kind <> 'rename'
),

-- A stretch is cut where a part was given away, since from there on a figure is of the rest.
cut as (
    select
        ref_area,
        valid_from as since_year
    from area
    union
    select
        change.from_area,
        change.change_year
    from change
    inner join area
        on
            change.from_area = area.ref_area and change.change_year > area.valid_from
            and change.change_year < coalesce(area.valid_to, 9999)
    where change.kind = 'split'
),

stretch as (
    select
        cut.ref_area,
        cut.since_year,
        least(
            coalesce(area.valid_to, 9999),
            coalesce(lead(cut.since_year) over (partition by cut.ref_area order by cut.since_year), 9999)
        ) as until_year
    from cut
    inner join area
        on
            cut.ref_area = area.ref_area and cut.since_year >= area.valid_from
            and cut.since_year < coalesce(area.valid_to, 9999)
),

-- What an area goes on as, and what it gave: the rest of it, all of it, or a part (its weight NULL where none is known).
step as (
    select
        stretch.ref_area,
        stretch.since_year,
        stretch.until_year as change_year,
        stretch.ref_area as to_area,
        1 - coalesce(sum(change.weight), 0) as weight,
        count(change.to_area) = 0 as is_whole,
        true as is_same
    from stretch
    inner join stretch as rest on stretch.ref_area = rest.ref_area and stretch.until_year = rest.since_year
    left join change
        on
            stretch.ref_area = change.from_area and stretch.until_year = change.change_year
            and change.kind = 'split'
    group by all
    union all
    select
        stretch.ref_area,
        stretch.since_year,
        change.change_year,
        change.to_area,
        change.weight,
        change.is_whole,
        change.kind = 'recode' as is_same
    from stretch
    inner join change on stretch.ref_area = change.from_area and stretch.until_year = change.change_year
),

path as (
    select
        ref_area,
        since_year,
        until_year,
        ref_area as reached,
        since_year as reached_since,
        until_year as reached_until,
        cast(1 as double) as weight,
        true as is_whole,
        true as is_same,
        cast([] as integer[]) as change_years
    from stretch
    union
    select
        path.ref_area,
        path.since_year,
        path.until_year,
        heir.ref_area as reached,
        heir.since_year as reached_since,
        heir.until_year as reached_until,
        path.weight * step.weight as weight,
        path.is_whole and step.is_whole as is_whole,
        path.is_same and step.is_same as is_same,
        case
            when step.is_whole and step.ref_area = step.to_area then path.change_years
            else list_append(path.change_years, step.change_year)
        end as change_years
    from path
    inner join step on path.reached = step.ref_area and path.reached_since = step.since_year
    inner join stretch as heir
        on
            step.to_area = heir.ref_area and step.change_year >= heir.since_year
            and step.change_year < heir.until_year
),

-- An area that ended and went nowhere the list knows of has no place on today's map.
reached as (
    select
        ref_area,
        since_year,
        until_year,
        reached as ref_area_today,
        sum(weight) as weight,
        bool_and(is_whole) as is_whole,
        bool_or(is_same) as is_same,
        list_sort(list_distinct(flatten(list(change_years)))) as change_years
    from path
    where reached_until = 9999
    group by all
)

select
    stretch.ref_area,
    stretch.since_year,
    nullif(stretch.until_year, 9999) as until_year,
    reached.ref_area_today,
    today.name_zh as ref_area_today_name,
    if(reached.weight > 1, 1, reached.weight) as weight,
    coalesce(reached.is_whole, false) as is_whole,
    coalesce(reached.is_same, false) as is_same,
    array_to_string(reached.change_years, ' ') as change_years
from stretch
left join reached on stretch.ref_area = reached.ref_area and stretch.since_year = reached.since_year
left join area as today on reached.ref_area_today = today.ref_area and today.valid_to is null
