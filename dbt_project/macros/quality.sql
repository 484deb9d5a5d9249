{# The worst of the inputs' states, as aggregates. The order of the publisher's codes is the warehouse's own choice:
   suppressed, missing, break, unvalidated, low reliability, imputed, estimated, provisional, definition, normal. #}
{% macro worst_obs_status(column) -%}
    arg_min({{ column }}, coalesce(list_position(
        ['Q', 'M', 'L', 'O', 'B', 'V', 'U', 'I', 'E', 'P', 'D', 'A'], {{ column }}), 11))
{%- endmacro %}

{# Anything but free binds the result. #}
{% macro worst_conf_status(column) -%}
    arg_min({{ column }}, if({{ column }} = 'F', 1, 0))
{%- endmacro %}

{% macro worst_quality_status(column) -%}
    arg_min({{ column }}, list_position(['overridden', 'flagged', 'passed'], {{ column }}))
{%- endmacro %}

{# The worse of two states of one row. #}
{% macro worse_quality_status(one, other) -%}
    ['overridden', 'flagged', 'passed'][least(
        list_position(['overridden', 'flagged', 'passed'], {{ one }}),
        list_position(['overridden', 'flagged', 'passed'], coalesce({{ other }}, 'passed'))
    )]
{%- endmacro %}
