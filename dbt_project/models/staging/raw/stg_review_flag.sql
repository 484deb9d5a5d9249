select
    decision_id,
    flag_id,
    rule,
    severity,
    expected_low,
    expected_high,
    suggested_value,
    diagnosis,
    confidence,
    message_en,
    message_zh
from {{ source('raw', 'review_flag') }}
