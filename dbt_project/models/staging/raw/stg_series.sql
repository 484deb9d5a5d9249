select
    source,
    label as indicator_label,
    {{ plain_label('label') }} as plain_label,
    indicator,
    area_type,
    unit as unit_text,
    definition,
    basis,
    coalesce(first_year, 0) as first_year,
    coalesce(last_year, 9999) as last_year
from {{ source('raw', 'series') }}
