with change as (
    select * from {{ ref('dim_ref_area_change') }}
),

-- Where an area received or lost a part without a declared share, or began out of what the list does not know.
broken as (
    select
        unnest(["from", "to"]) as ref_area,
        year as ref_year
    from change
    where kind = 'split' and weight is null
    union
    select
        area.ref_area,
        area.valid_from as ref_year
    from {{ ref('dim_ref_area') }} as area
    anti join change
        on
            area.ref_area = change."to" and area.valid_from = change.year
            and (change.is_whole or change.weight is not null)
    where area.valid_from > 1981
)

-- The code list begins in 1981; its first entries stand for the years before.
select distinct
    today.ref_area_today as ref_area,
    broken.ref_year
from {{ ref('dim_ref_area_today') }} as today
inner join broken
    on
        today.ref_area = broken.ref_area
        and broken.ref_year >= if(today.since_year <= 1981, 0, today.since_year)
        and broken.ref_year < coalesce(today.until_year, 9999)
where today.weight is not null and today.ref_area_today is not null
