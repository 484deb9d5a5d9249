select
    file_id,
    sheet_no,
    row_no,
    col_no,
    reason,
    raw_text
from {{ source('raw', 'reject') }}
