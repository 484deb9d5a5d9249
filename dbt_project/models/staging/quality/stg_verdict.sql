select
    cell_id,
    rule,
    outcome,
    severity,
    expected_low,
    expected_high,
    suggested_value,
    diagnosis,
    confidence,
    message_en,
    message_zh
from {{ source('quality', 'verdict') }}
