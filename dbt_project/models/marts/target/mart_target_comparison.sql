with target as (
    select * from {{ ref('dim_target') }}
    where kind not in ('context', 'actual')
),

-- The areas that contain an area, and itself.
above as (
    select distinct
        part.ref_area,
        part.parent,
        upper_part.parent as grandparent
    from {{ ref('dim_ref_area_part') }} as part
    left join {{ ref('dim_ref_area_part') }} as upper_part on part.parent = upper_part.ref_area
),

paired as (
    select
        one.indicator,
        one.area_type,
        one.target_id,
        other.target_id as other_target_id,
        one.ref_area,
        one.ref_area_name,
        other.ref_area as other_ref_area,
        other.ref_area_name as other_ref_area_name,
        one.document,
        other.document as other_document,
        one.target_year,
        other.target_year as other_target_year,
        one.value,
        other.value as other_value,
        one.unit_measure,
        case
            when one.ref_area <> other.ref_area then 'level'
            when one.kind <> other.kind then 'kind'
            when one.target_year is distinct from other.target_year then 'milestone'
            when one.value is not distinct from other.value then 'duplicate'
            when one.commitment <> other.commitment then 'stretch'
            else 'conflict'
        end as relation
    from target as one
    inner join target as other
        on
            one.indicator = other.indicator and one.area_type = other.area_type
            and one.target_id <> other.target_id
    where
        (one.ref_area = other.ref_area and one.target_id < other.target_id)
        or exists (
            select 1
            from above
            where above.ref_area = one.ref_area and other.ref_area in (above.parent, above.grandparent, '000000')
        )
)

select
    *,
    -- Of an area and one above it, whether the lower asks for more, in the way that is good for the indicator.
    case
        when relation = 'level' and unit_measure is not null and target_year is not distinct from other_target_year
            then sign(value - other_value)::integer
    end as difference_sign
from paired
