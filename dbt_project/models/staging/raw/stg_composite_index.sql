-- The indices that come with the project, and those that a bureau registers beside them.
select
    index_id,
    node,
    parent,
    name_zh,
    name_en,
    indicator,
    area_type,
    weight,
    direction,
    denominator,
    denominator_area_type,
    goalpost_low,
    goalpost_high,
    target,
    unit,
    min_present_share,
    reason
from {{ ref('composite_index') }}
union all by name
select
    index_id,
    node,
    nullif(parent, '') as parent,
    name_zh,
    name_en,
    nullif(indicator, '') as indicator,
    nullif(area_type, '') as area_type,
    try_cast(weight as double) as weight,
    try_cast(direction as integer) as direction,
    nullif(denominator, '') as denominator,
    nullif(denominator_area_type, '') as denominator_area_type,
    try_cast(goalpost_low as double) as goalpost_low,
    try_cast(goalpost_high as double) as goalpost_high,
    try_cast(target as double) as target,
    nullif(unit, '') as unit,
    try_cast(min_present_share as double) as min_present_share,
    reason
from {{ source('raw', 'composite_index') }}
