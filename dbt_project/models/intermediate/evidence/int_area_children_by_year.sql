-- Grain: area and year of which anything is observed. How many areas it was made of at 31 December of the year, by the
-- map of that year; without special areas, which are never summed, and without Hong Kong, Macao and Taiwan, which the
-- nation's figures leave out.
with area_year as (
    select
        ref_area,
        ref_year
    from {{ ref('int_ref_area_by_year') }}
    where ref_year >= 1981
),

child as (
    select
        ref_area,
        parent,
        valid_from,
        coalesce(valid_to, 9999) as until_year
    from {{ ref('int_ref_area') }}
    where level <> 'special' and ref_area not in ('710000', '810000', '820000')
)

select
    area_year.ref_area,
    area_year.ref_year,
    count(distinct child.ref_area) as children
from area_year
inner join child
    on
        area_year.ref_area = child.parent
        and area_year.ref_year >= child.valid_from and area_year.ref_year < child.until_year
group by all
