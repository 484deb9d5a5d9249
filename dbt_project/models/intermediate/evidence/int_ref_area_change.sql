-- Grain: area, area that took over, year; the year is the first at whose 31 December the change shows. What the code list
-- says, or in its place what is declared: there alone a weight other than 1 is known.
with area as (
    select * from {{ ref('int_ref_area') }}
),

-- A code followed by itself was renamed; what it gave away in that year was a part.
period as (
    select
        *,
        coalesce(lead(valid_from) over (partition by ref_area order by valid_from) = valid_to, false) as continues,
        coalesce(lag(valid_to) over (partition by ref_area order by valid_from) = valid_from, false) as is_continued
    from area
),

listed as (
    select
        ref_area as from_area,
        ancestors,
        valid_to,
        continues,
        unnest(regexp_extract_all(successor, '\d{6}(\[\d{4}\])?')) as entry
    from period
    where successor <> ''
),

-- What becomes an area of its own inside another, or ceases to be one, changes nothing of the other's ground: the cities
-- of the corps in Xinjiang were listed under the region before.
dated as (
    select distinct
        from_area,
        left(entry, 6) as to_area,
        coalesce(try_cast(substr(entry, 8, 4) as integer), valid_to) as change_year,
        (change_year is not distinct from valid_to) and not continues as is_end
    from listed
    anti join area as inner_area
        on left(listed.entry, 6) = inner_area.ref_area and list_has(inner_area.ancestors, listed.from_area)
    where left(entry, 6) <> from_area and not list_has(ancestors, left(entry, 6))
),

-- Whole where one area takes over at the end; recoded where that one is new and takes over nothing else.
counted as (
    select
        *,
        is_end and count(*) over (partition by from_area, change_year, is_end) = 1 as is_whole,
        count(*) over (partition by to_area, change_year) as givers
    from dated
),

derived as (
    select
        counted.from_area,
        counted.to_area,
        counted.change_year,
        case
            when not counted.is_whole then 'split'
            when counted.givers = 1 and heir.valid_from is not null then 'recode'
            else 'merge'
        end as kind,
        if(counted.is_whole, 1.0, null) as weight
    from counted
    left join period as heir
        on
            counted.to_area = heir.ref_area and counted.change_year = heir.valid_from
            and not heir.is_continued
    union all
    select
        ref_area as from_area,
        ref_area as to_area,
        valid_to as change_year,
        'rename' as kind,
        1.0 as weight
    from period
    where continues
),

declared as (
    select
        from_area,
        to_area,
        year as change_year,
        kind,
        weight,
        citation,
        cast(null as varchar) as source
    from {{ ref('ref_area_change') }}
    union all
    select
        from_area,
        to_area,
        change_year,
        kind,
        weight,
        citation,
        source
    from {{ ref('stg_area_change') }}
),

change as (
    select
        derived.*,
        cast(null as varchar) as citation,
        cast(null as varchar) as source
    from derived
    anti join declared
        on
            derived.from_area = declared.from_area and derived.to_area = declared.to_area
            and derived.change_year = declared.change_year
    union all
    select
        from_area,
        to_area,
        change_year,
        kind,
        coalesce(weight, if(kind = 'split', null, 1.0)) as weight,
        citation,
        source
    from declared
    qualify row_number() over (partition by from_area, to_area, change_year order by source nulls last) = 1
)

select
    change.from_area,
    change.to_area,
    change.change_year,
    change.kind,
    change.weight,
    change.kind <> 'split' as is_whole,
    change.citation,
    change.source,
    arg_max(giver.name_zh, giver.valid_from) as from_name_zh,
    arg_max(heir.name_zh, heir.valid_from) as to_name_zh
from change
left join area as giver on change.from_area = giver.ref_area and change.change_year > giver.valid_from
left join area as heir on change.to_area = heir.ref_area and change.change_year >= heir.valid_from
group by all
