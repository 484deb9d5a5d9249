with display as (
    select
        plain_unit,
        unit_measure,
        min(multiplier) as multiplier
    from {{ ref('stg_unit') }}
    group by all
)

select
    indicator.indicator,
    indicator.name_zh,
    indicator.name_en,
    indicator.unit_measure,
    indicator.display_unit,
    coalesce(display.multiplier, 1) as display_multiplier,
    indicator.decimals,
    indicator.direction,
    indicator.quantity,
    indicator.min_value,
    indicator.max_value,
    indicator.bounds_reason,
    indicator.default_definition as definition,
    indicator.definition_zh,
    indicator.formula,
    indicator.formula_zh,
    indicator.derived_from,
    indicator.prefer,
    indicator.standard,
    indicator.kind,
    indicator.mart,
    indicator.mart_column,
    indicator.mart_component,
    indicator.is_additive
from {{ ref('stg_indicator') }} as indicator
left join display
    on {{ plain_unit('indicator.display_unit') }} = display.plain_unit and indicator.unit_measure = display.unit_measure
