select
    source,
    indicator,
    area_type,
    ref_area,
    children_of,
    first_year,
    last_year
from {{ source('raw', 'coverage') }}
