select
    accepted.ref_area,
    accepted.freq,
    accepted.time_period,
    accepted.accumulation,
    accepted.ref_year,
    accepted.indicator,
    accepted.area_type,
    accepted.source,
    accepted.definition,
    accepted.vintage,
    accepted.revision_no,
    accepted.obs_value,
    file.file_name,
    file.file_sha256,
    sheet.sheet_name as sheet,
    {{ cell_address('file.address', 'cell.row_no', 'cell.col_no') }} as cell,
    cell.value_text as raw_text,
    cell.unit_text,
    file.received_at
from {{ ref('int_observation_accepted') }} as accepted
inner join {{ ref('stg_cell') }} as cell on accepted.cell_id = cell.cell_id
inner join {{ ref('stg_file') }} as file on accepted.file_id = file.file_id
left join {{ ref('stg_sheet') }} as sheet on cell.file_id = sheet.file_id and cell.sheet_no = sheet.sheet_no
