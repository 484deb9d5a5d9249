{# The columns of a wide relation that have a unit as rows: the column's name, its value, and the value as published where the
   relation has a column for it. Which of them is an indicator says the registry. #}
{% macro long_form(relation, name, area_type="'total'") -%}
    select
        one.ref_area,
        one.ref_area_name,
        one.ref_year,
        {{ area_type }} as area_type,
        '{{ name }}' as mart,
        one.mart_column,
        one.value,
        published.value as value_published,
        one.basis,
        one.comparable_with_previous,
        one.obs_status,
        one.conf_status,
        one.quality_status,
        one.vintage
    from (unpivot {{ relation }} on columns('_(cny|persons|pct|pp|ratio|index|published)$') into name mart_column value value) as one
    left join (
        unpivot {{ relation }} on columns('_published$') into name mart_column value value
    ) as published
        on
            one.ref_area = published.ref_area and one.ref_year = published.ref_year
            and one.mart_column || '_published' = published.mart_column
{%- endmacro %}
