select
    rule,
    source,
    ref_year,
    passed,
    failed,
    not_evaluable
from {{ ref('stg_rule_count') }}
