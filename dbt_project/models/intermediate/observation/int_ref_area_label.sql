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

candidate as (
    select
        label.ref_area_label,
        label.ref_year,
        area.ref_area,
        true as in_year
    from label
    inner join area on label.plain_label = area.ref_area
    union
    select
        label.ref_area_label,
        label.ref_year,
        listed.ref_area,
        true as in_year
    from label
    inner join listed on upper(label.plain_label) = listed.label or upper(trim(label.ref_area_label)) = listed.label
    union
    select
        label.ref_area_label,
        label.ref_year,
        area.ref_area,
        label.ref_year >= area.valid_from and label.ref_year < area.until_year as in_year
    from label
    inner join area on label.plain_label = area.name_zh
),

best as (
    select *
    from candidate
    qualify in_year = bool_or(in_year) over (partition by ref_area_label, ref_year)
)

select
    ref_area_label,
    ref_year,
    min(ref_area) as ref_area,
    count(distinct ref_area) as candidates,
    string_agg(distinct ref_area, ', ' order by ref_area) as candidate_list
from best
group by all
