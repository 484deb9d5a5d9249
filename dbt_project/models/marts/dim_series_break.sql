select
    source,
    indicator,
    area_type,
    ref_area,
    ref_year,
    reason
from {{ ref('stg_series_break') }}
