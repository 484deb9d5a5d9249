select
    rule,
    severity,
    description_en as description,
    description_zh,
    reason,
    reference,
    validation_level
from {{ ref('stg_rule') }}
