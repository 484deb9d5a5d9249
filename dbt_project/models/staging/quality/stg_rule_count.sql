select
    rule,
    source,
    ref_year,
    passed,
    failed,
    not_evaluable
from {{ source('quality', 'rule_count') }}
