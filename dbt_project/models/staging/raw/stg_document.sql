-- The register's documents, and those that the bureau adds.
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
from {{ ref('document') }}
union all by name
select
    document,
    title,
    publisher,
    try_cast(published_on as date) as published_on,
    ref_area,
    try_cast(plan_start as integer) as plan_start,
    try_cast(plan_end as integer) as plan_end,
    try_cast(base_year as integer) as base_year,
    base_year_source,
    citation,
    note
from {{ source('raw', 'document') }}
