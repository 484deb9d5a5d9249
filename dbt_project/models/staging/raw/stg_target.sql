-- The register's targets, and those that the bureau adds. What is not said is NULL.
select * from {{ ref('target') }}
union all by name
select
    target_id,
    nullif(document, '') as document,
    nullif(section, '') as section,
    ref_area,
    indicator,
    area_type,
    nullif(comparator, '') as comparator,
    try_cast(value as decimal(38, 15)) as value,
    nullif(unit, '') as unit,
    kind,
    commitment,
    try_cast(base_year as integer) as base_year,
    try_cast(base_value as decimal(38, 15)) as base_value,
    try_cast(period_start as integer) as period_start,
    try_cast(target_year as integer) as target_year,
    nullif(year_source, '') as year_source,
    nullif(printed_comparator, '') as printed_comparator,
    nullif(printed_text, '') as printed_text,
    nullif(departments, '') as departments,
    coalesce(try_cast(ocr_damaged as boolean), false) as ocr_damaged,
    try_cast(source_line as integer) as source_line,
    nullif(note, '') as note
from {{ source('raw', 'target') }}
