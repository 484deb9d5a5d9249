{# Whether two rows are figures of one area of today, of one year, indicator and area type. #}
{% macro same_figure_today(one, other) -%}
    {{ one }}.ref_area_today = {{ other }}.ref_area_today and {{ one }}.ref_year = {{ other }}.ref_year
            and {{ one }}.indicator = {{ other }}.indicator and {{ one }}.area_type = {{ other }}.area_type
{%- endmacro %}
