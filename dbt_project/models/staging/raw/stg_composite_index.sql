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
    nullif(weight, '')::double as weight,
    nullif(direction, '')::integer as direction,
    nullif(denominator, '') as denominator,
    nullif(denominator_area_type, '') as denominator_area_type,
    nullif(goalpost_low, '')::double as goalpost_low,
    nullif(goalpost_high, '')::double as goalpost_high,
    nullif(target, '')::double as target,
    nullif(unit, '') as unit,
    nullif(min_present_share, '')::double as min_present_share,
    reason
from {{ source('raw', 'composite_index') }}
