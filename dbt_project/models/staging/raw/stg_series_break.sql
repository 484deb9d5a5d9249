select
    source,
    indicator,
    area_type,
    ref_area,
    ref_year,
    reason
from {{ source('raw', 'series_break') }}
