select
    source,
    area_group,
    ref_area,
    name_zh,
    name_en,
    citation
from {{ ref('stg_area_group') }}
