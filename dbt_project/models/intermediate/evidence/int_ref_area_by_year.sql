-- The area as it was at 31 December of a year; before the code list begins (1981) its first entry stands in, after
-- an area's end its last one; `area_years_off` says by how many years (NULL where the list cannot tell).
with area_year as (
    select distinct
        ref_area,
        ref_year
    from {{ ref('int_observation') }}
),

area as (
    select
        *,
        coalesce(valid_to, 9999) as until_year
    from {{ ref('int_ref_area') }}
),

measured as (
    select
        area_year.ref_area,
        area_year.ref_year,
        area.name_zh,
        area.name_en,
        area.level,
        area.parent,
        case
            when area_year.ref_year < area.valid_from then area.valid_from - area_year.ref_year
            when area_year.ref_year >= area.until_year then area_year.ref_year - area.until_year + 1
            else 0
        end as distance
    from area_year
    inner join area on area_year.ref_area = area.ref_area
)

select
    ref_area,
    ref_year,
    name_zh,
    name_en,
    level,
    parent,
    case
        when ref_area = '000000' then 0
        when ref_year >= 1981 then distance
    end as area_years_off
from measured
qualify row_number() over (partition by ref_area, ref_year order by distance) = 1
