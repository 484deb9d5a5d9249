select
    document,
    title,
    publisher,
    published_on,
    ref_area,
    plan_start,
    plan_end,
    base_year,
    base_year_source,
    citation,
    note
from {{ ref('stg_document') }}
