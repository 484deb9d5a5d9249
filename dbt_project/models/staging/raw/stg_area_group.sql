select
    source,
    area_group,
    name_zh,
    name_en,
    ref_area,
    citation
from {{ source('raw', 'area_group') }}
