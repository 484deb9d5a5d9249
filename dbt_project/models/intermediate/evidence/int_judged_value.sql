{{ config(materialized='view') }}

-- Grain: observation row, or cell that should hold a number and does not: what a flag says of either. It is open while
-- nothing that the source sent later stands in its place.
select
    evidence.cell_id,
    evidence.ref_area,
    evidence.ref_area_name,
    evidence.ref_year,
    evidence.freq,
    evidence.time_period,
    evidence.accumulation,
    evidence.indicator,
    evidence.area_type,
    evidence.source,
    evidence.definition,
    evidence.vintage,
    evidence.obs_value,
    evidence.unit_measure,
    evidence.file_name,
    evidence.sheet_name,
    evidence.cell,
    evidence.raw_text,
    evidence.unit_text,
    evidence.multiplier,
    observation.original_value,
    observation.edition_no = 1 as is_in_force
from {{ ref('int_observation_evidence') }} as evidence
inner join {{ ref('int_observation') }} as observation on evidence.cell_id = observation.cell_id
union all by name
select
    cell_id,
    ref_area,
    ref_area_name,
    ref_year,
    freq,
    time_period,
    accumulation,
    indicator,
    area_type,
    source,
    definition,
    vintage,
    cast(null as double) as obs_value,
    unit_measure,
    file_name,
    sheet_name,
    cell,
    raw_text,
    unit_text,
    multiplier,
    cast(null as double) as original_value,
    is_in_force
from {{ ref('int_unreadable_evidence') }}
