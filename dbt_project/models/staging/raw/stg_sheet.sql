select
    file_id,
    sheet_no,
    sheet_name
from {{ source('raw', 'sheet') }}
