select
    rule,
    severity,
    description_en,
    description_zh,
    reason,
    reference,
    validation_level,
    catalogue,
    measure,
    parameters,
    scope
from {{ source('quality', 'rule') }}
