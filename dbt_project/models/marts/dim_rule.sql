select
    rule,
    severity,
    description_en as description,
    description_zh,
    reason,
    reference,
    validation_level,
    catalogue,
    measure,
    parameters,
    scope
from {{ ref('stg_rule') }}
