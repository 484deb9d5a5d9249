-- The register, and what the sources add to it.
select
    indicator,
    name_zh,
    name_en,
    unit_measure,
    display_unit,
    decimals,
    direction,
    quantity,
    kind,
    min_value,
    max_value,
    default_basis,
    earlier_basis,
    basis_since,
    default_definition,
    formula,
    derived_from,
    prefer,
    standard,
    mart,
    mart_column,
    is_additive
from {{ ref('indicator') }}
union all by name
select
    indicator,
    name_zh,
    name_en,
    unit_measure,
    display_unit,
    decimals,
    direction,
    quantity,
    'base' as kind,
    min_value,
    max_value,
    default_basis,
    default_definition,
    'published' as prefer,
    standard,
    is_additive
from {{ source('raw', 'indicator') }}
