select
    source,
    title_en,
    title_zh,
    producer,
    citation,
    licence,
    frequency,
    authority,
    priority,
    max_quarantined_pct
from {{ source('raw', 'source') }}
