with target as (
    select * from {{ ref('dim_target') }}
    where kind not in ('context', 'actual')
),

-- The areas above an area, on any map.
above as (
    select
        ref_area,
        parent as upper_area
    from {{ ref('dim_ref_area_part') }}
    union
    select
        part.ref_area,
        upper_part.parent as upper_area
    from {{ ref('dim_ref_area_part') }} as part
    inner join {{ ref('dim_ref_area_part') }} as upper_part on part.parent = upper_part.ref_area
    union
    select
        ref_area,
        '000000' as upper_area
    from {{ ref('dim_ref_area_part') }}
    where parent <> '000000'
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
        one.kind = other.kind as is_same_kind,
        case
            when above.ref_area is not null then 'level'
            when one.ref_area <> other.ref_area then 'elsewhere'
            when one.kind <> other.kind then 'kind'
            when (one.target_year is distinct from other.target_year) then 'milestone'
            when (one.value is not distinct from other.value) then 'duplicate'
            when one.commitment <> other.commitment then 'stretch'
            else 'conflict'
        end as relation
    from target as one
    inner join target as other
        on
            one.indicator = other.indicator and one.area_type = other.area_type
            and one.target_id <> other.target_id
    left join above on one.ref_area = above.ref_area and other.ref_area = above.upper_area
    left join above as below on other.ref_area = below.ref_area and one.ref_area = below.upper_area
    where
        above.ref_area is not null
        or (
            below.ref_area is null and one.target_id < other.target_id
            and (one.ref_area = other.ref_area or one.kind = other.kind)
        )
)

select
    * exclude (is_same_kind),
    -- Of an area and one above it, whether the lower asks for more or for less in the same year.
    if(
        relation = 'level' and is_same_kind and (target_year is not distinct from other_target_year),
        sign(value - other_value)::integer, null
    ) as difference_sign
from paired
