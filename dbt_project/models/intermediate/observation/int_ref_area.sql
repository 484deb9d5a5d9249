-- Grain: area and validity. The code list and the areas declared beyond it, each with the areas above it; everything
-- that asks about areas reads this one.
with area as (
    select
        ref_area,
        valid_from,
        valid_to,
        name_zh,
        name_en,
        level,
        parent,
        successor
    from {{ ref('ref_area') }}
    union all
    select
        ref_area,
        coalesce(valid_from, 1949) as valid_from,
        valid_to,
        name_zh,
        name_en,
        coalesce(level, 'special') as level,
        parent,
        cast(null as varchar) as successor
    from {{ ref('stg_area') }}
),

-- The area above, as it was last in the time of the area below; no more than three stand above a declared one.
linked as (
    select
        area.*,
        parent.name_zh as parent_name,
        parent.parent as grandparent,
        parent.valid_from as parent_from
    from area
    left join area as parent
        on area.parent = parent.ref_area and parent.valid_from < coalesce(area.valid_to, 9999)
    qualify row_number() over (partition by area.ref_area, area.valid_from order by parent.valid_from desc) = 1
)

select
    linked.ref_area,
    linked.valid_from,
    linked.valid_to,
    linked.name_zh,
    linked.name_en,
    linked.level,
    linked.parent,
    linked.successor,
    list_sort(list_distinct(list_filter(
        [linked.parent, linked.grandparent, above.grandparent, '000000'],
        lambda code: code is not null and code <> linked.ref_area
    ))) as ancestors,
    -- As an address is written: 江苏省南京市. The nation is left out.
    case
        when linked.parent <> '000000'
            then if(linked.grandparent <> '000000', coalesce(above.parent_name, ''), '') || linked.parent_name
    end as place_zh
from linked
left join linked as above on linked.parent = above.ref_area and linked.parent_from = above.valid_from
