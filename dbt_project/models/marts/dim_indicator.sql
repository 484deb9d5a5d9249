select
    indicator,
    name_zh,
    name_en,
    unit_measure,
    display_unit,
    decimals,
    direction,
    default_definition as definition,
    formula,
    derived_from,
    prefer,
    standard,
    kind,
    mart,
    mart_column,
    is_additive
from {{ ref('stg_indicator') }}
