{# The four parts that disposable income is made of. #}
{% macro is_income_part(indicator) -%}
    {{ indicator }} in (
        'wage_income_per_capita', 'business_income_per_capita', 'property_income_per_capita', 'transfer_income_per_capita'
    )
{%- endmacro %}
