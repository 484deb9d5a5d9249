-- Grain: label of an area, label of the area above it (or none) and year. Which of the areas that the text may mean is
-- meant: those below the area above, of that year, by the name in full before the short one. Where that year has none, the
-- nearest in time, so that a retired area is found (and flagged), not lost. Nothing is guessed: what is left is listed.
with label as (
    select distinct
        ref_area_label,
        parent_area_label,
        coalesce(ref_year, 0) as ref_year
    from {{ ref('stg_cell') }}
    where ref_area_label is not null
),

area as (
    select * from {{ ref('int_ref_area') }}
),

candidate as (
    select
        candidate.label,
        candidate.rank,
        candidate.likeness,
        area.ref_area,
        area.valid_from,
        coalesce(area.valid_to, 9999) as until_year,
        area.name_zh,
        area.place_zh,
        area.level,
        area.ancestors
    from {{ ref('int_ref_area_candidate') }} as candidate
    inner join area on candidate.ref_area = area.ref_area and candidate.valid_from = area.valid_from
),

-- The first list is of 1981: areas of years before are called as they were then.
possible as (
    select
        label.*,
        candidate.* exclude (label, valid_from, until_year),
        greatest(
            candidate.valid_from - greatest(label.ref_year, 1981), greatest(label.ref_year, 1981) - candidate.until_year + 1, 0
        ) as years_off
    from label
    inner join candidate on label.ref_area_label = candidate.label
),

stated as (
    select distinct
        parent_area_label,
        ref_year
    from label
),

-- What the label above says counts where it is known: a heading such as 东部地区 is no area.
above as (
    select
        stated.parent_area_label,
        stated.ref_year,
        list(distinct candidate.ref_area) as areas
    from stated
    inner join candidate on stated.parent_area_label = candidate.label and candidate.likeness is null
    group by all
),

placed as (
    select
        possible.*,
        case
            when above.areas is null or list_has_any(possible.ancestors, above.areas) then 2
            when list_has(above.areas, possible.ref_area) then 1
            else 0
        end as depth
    from possible
    left join above
        on possible.parent_area_label = above.parent_area_label and possible.ref_year = above.ref_year
),

below as (
    select *
    from placed
    where likeness is null
    qualify depth = max(depth) over (partition by ref_area_label, parent_area_label, ref_year)
),

best as (
    select
        *,
        min(rank) filter (where years_off = 0) over label as rank_in_year,
        min(rank) over label as best_rank,
        min(years_off) filter (where years_off > 0) over label_rank as least_years_off
    from below
    window
        label as (partition by ref_area_label, parent_area_label, ref_year),
        label_rank as (partition by ref_area_label, parent_area_label, ref_year, rank)
),

timed as (
    select
        *,
        list(left(ref_area, 2)) filter (where years_off = 0 and rank = rank_in_year)
            over (partition by ref_area_label, parent_area_label, ref_year)
            as provinces_in_year
    from best
),

-- 长阳县 is the name in full of an area until 1984 and the short one of what it became: the area of the year is meant.
-- 东乡县 is the one of Jiangxi until 2016 or, for short, the one of Gansu: both are listed.
ranked as (
    select *
    from timed
    where
        case
            when rank_in_year is null then rank = best_rank and years_off = least_years_off
            when years_off = 0 then rank = rank_in_year
            else
                rank < rank_in_year and years_off = least_years_off
                and not list_has(provinces_in_year, left(ref_area, 2))
        end
),

-- Where a city and a county in it bear one name, its short form is the city's: 长沙 is 长沙市, not 长沙县.
outermost as (
    select
        *,
        list(ref_area) over (partition by ref_area_label, parent_area_label, ref_year) as rivals
    from ranked
    qualify rank = 1 or not list_has_any(ancestors, rivals)
),

distinct_area as (
    select
        ref_area_label,
        parent_area_label,
        ref_year,
        ref_area,
        any_value(ref_area || coalesce(' (' || place_zh || ')', '')) as written,
        bool_and(depth > 0) as is_below
    from outermost
    group by all
),

named as (
    select
        ref_area_label,
        parent_area_label,
        ref_year,
        min(ref_area) as ref_area,
        count(*) as candidates,
        bool_and(is_below) as is_below,
        case
            when count(*) > 1 or not bool_and(is_below)
                then array_to_string(list(written order by ref_area)[:10], ', ') || if(count(*) > 10, ', …', '')
        end as candidate_list
    from distinct_area
    group by all
),

-- Names of that year like a label that is none; where more than three are as like, they tell nothing.
likely as (
    select
        ref_area_label,
        parent_area_label,
        ref_year,
        name_zh || ' (' || ref_area || ')' as written,
        likeness,
        ref_area
    from placed
    where likeness is not null and years_off = 0
    qualify
        depth = max(depth) over (partition by ref_area_label, parent_area_label, ref_year)
        and likeness = max(likeness) over (partition by ref_area_label, parent_area_label, ref_year, depth)
),

suggested as (
    select
        ref_area_label,
        parent_area_label,
        ref_year,
        string_agg(written, ', ' order by ref_area) as suggestion
    from likely
    group by all
    having count(*) <= 3
)

select
    ref_area_label,
    parent_area_label,
    ref_year,
    ref_area,
    candidates,
    is_below,
    candidate_list
from named
union all
select
    ref_area_label,
    parent_area_label,
    ref_year,
    cast(null as varchar) as ref_area,
    0 as candidates,
    true as is_below,
    suggestion as candidate_list
from suggested
