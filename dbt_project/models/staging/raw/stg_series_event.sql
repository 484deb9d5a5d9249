select
    source,
    indicator,
    area_type,
    ref_area,
    ref_year,
    reason_en,
    reason_zh,
    citation
from {{ source('raw', 'series_event') }}
