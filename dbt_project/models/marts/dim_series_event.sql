select
    source,
    indicator,
    area_type,
    ref_area,
    ref_year,
    reason_en,
    reason_zh,
    citation
from {{ ref('stg_series_event') }}
