{# The columns of a wide relation that have a unit as rows: the column's name, its value, and the value as published where the
   relation has a column for it. Which of them is an indicator says the registry; `component` and `area_type` are columns of
   relations that have several rows for an area and year. #}
{% macro long_form(relation, name, area_type="'total'", component="null") -%}
    select
        ref_area,
        ref_area_name,
        ref_year,
        {{ area_type }} as area_type,
        '{{ name }}' as mart,
        mart_column,
        {{ component }}::varchar as component,
        value,
        basis,
        comparable_with_previous,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from (
        unpivot {{ relation }}
        on columns('_(cny|persons|pct|pp|ratio|index|published)$|^(theil|gini)_')
        into name mart_column value value
    )
{%- endmacro %}
