{# s ln(s / p): what a group with the share s of income and p of people adds to Theil's T. 0 ln 0 is 0. #}
{% macro theil_term(income_share, population_share) -%}
    case when {{ income_share }} = 0 then 0 else ({{ income_share }}) * ln(({{ income_share }}) / ({{ population_share }})) end
{%- endmacro %}

{# Theil's T of two groups, given the shares of one. Theil, Economics and Information Theory (1967), chapter 4. #}
{% macro theil_t(income_share, population_share) -%}
    {{ theil_term(income_share, population_share) }}
    + {{ theil_term('1 - ' ~ income_share, '1 - ' ~ population_share) }}
{%- endmacro %}

{# Theil's L, the mean logarithmic deviation, of two groups: the shares change their places. #}
{% macro theil_l(income_share, population_share) -%}
    {{ theil_t(population_share, income_share) }}
{%- endmacro %}
