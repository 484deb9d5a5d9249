{# Whether a basis is that of the year before, in the window `area`: NULL where only one of the two years has one. #}
{% macro same_basis(column) -%}
    case
        when ({{ column }} is null) <> (lag({{ column }}) over area is null) then null
        else coalesce({{ column }} = lag({{ column }}) over area, true)
    end
{%- endmacro %}
