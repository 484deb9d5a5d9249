-- Grain: sum over the children of one area, period and edition, with the row that its verdict is about: the only child
-- that is grossly out of its own line, unless the whole is so itself; else the whole. Without a difference where the sum
-- lacks a child.
with sums as (
    select
        children.*,
        area.name_zh as whole_area_name,
        coalesce(area.name_en, area.name_zh) as whole_area_name_en,
        if(
            children.children_difference_pct is not null and children.gross_children = 1
            and not coalesce(suspect.is_gross, false),
            children.gross_cell_id, children.cell_id
        ) as carrier_cell_id
    from {{ ref('int_children_by_parent') }} as children
    inner join {{ ref('int_ref_area_by_year') }} as area
        on children.whole_area = area.ref_area and children.ref_year = area.ref_year
    left join {{ ref('int_slip_suspect') }} as suspect on children.cell_id = suspect.cell_id
    where children.is_additive
)

select
    carrier_cell_id as cell_id,
    whole_area,
    whole_area_name,
    whole_area_name_en,
    whole_value,
    children_sum,
    children_difference_pct,
    children_rounding_pct
from sums
-- What is a whole itself and to blame for the sum above it is judged by the one that is farther off.
qualify row_number() over (partition by carrier_cell_id order by abs(children_difference_pct) desc nulls last) = 1
