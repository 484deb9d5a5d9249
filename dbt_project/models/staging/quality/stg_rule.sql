select
    rule,
    severity,
    description_en,
    description_zh,
    reason,
    reference,
    validation_level
from {{ source('quality', 'rule') }}
