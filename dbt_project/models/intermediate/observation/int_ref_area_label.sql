-- A label is a code, a listed other name, or an official name; the code list is the one valid in that year. A name
-- that no area bore that year is looked up in all years, so that a retired area is found (and flagged), not lost.
with label as (
    select distinct
        ref_area_label,
        coalesce(ref_year, 0) as ref_year,
        regexp_replace(ref_area_label, '[\s　]', '', 'g') as plain_label
    from {{ ref('stg_cell') }}
    where ref_area_label is not null
),

area as (
    select
        *,
        coalesce(valid_to, 9999) as until_year
    from {{ ref('ref_area') }}
),

listed as (
    select
        upper(label) as label,
        ref_area
    from {{ ref('ref_area_label') }}
),

-- A name may be written without its suffix where that leaves one area: 杭州 for 杭州市.
suffixed as (
    select
        label.ref_area_label,
        label.ref_year,
        label.plain_label || ending.suffix as name_zh
    from label
    cross join (
        select unnest(['省', '市', '县', '区', '旗', '盟', '地区', '自治州', '自治县', '林区', '特区']) as suffix
    ) as ending
    where length(label.plain_label) >= 2
),

candidate as (
    select
        label.ref_area_label,
        label.ref_year,
        area.ref_area,
        1 as rank,
        true as in_year
    from label
    inner join area on label.plain_label = area.ref_area
    union
    select
        label.ref_area_label,
        label.ref_year,
        listed.ref_area,
        1 as rank,
        true as in_year
    from label
    inner join listed on upper(label.plain_label) = listed.label or upper(trim(label.ref_area_label)) = listed.label
    union
    select
        label.ref_area_label,
        label.ref_year,
        area.ref_area,
        1 as rank,
        label.ref_year >= area.valid_from and label.ref_year < area.until_year as in_year
    from label
    inner join area on label.plain_label = area.name_zh
    union
    select
        suffixed.ref_area_label,
        suffixed.ref_year,
        area.ref_area,
        2 as rank,
        suffixed.ref_year >= area.valid_from and suffixed.ref_year < area.until_year as in_year
    from suffixed
    inner join area on suffixed.name_zh = area.name_zh
),

-- The name in full goes before the short one, an area of that year before one of another.
best as (
    select *
    from candidate
    qualify
        rank = min(rank) over (partition by ref_area_label, ref_year)
        and in_year = bool_or(in_year) over (partition by ref_area_label, ref_year, rank)
)

select
    ref_area_label,
    ref_year,
    min(ref_area) as ref_area,
    count(distinct ref_area) as candidates,
    string_agg(distinct ref_area, ', ' order by ref_area) as candidate_list
from best
group by all
