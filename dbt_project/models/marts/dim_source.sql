select
    source,
    title_en,
    title_zh,
    producer,
    licence,
    citation,
    frequency,
    authority,
    priority
from {{ ref('stg_source') }}
