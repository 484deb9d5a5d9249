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
    {{ worst_of(['overridden', 'flagged', 'passed'], [one, other]) }}
{%- endmacro %}

{# The worst of several states of one row; what is not there, or in no list, counts for nothing. #}
{% macro worst_of(worst_first, columns) -%}
    coalesce(
        {{ worst_first }}[least(
            {%- for column in columns %}
            list_position({{ worst_first }}, {{ column }}){{ ',' if not loop.last }}
            {%- endfor %}
        )],
        {{ columns | join(', ') }}
    )
{%- endmacro %}

{# What a figure made of rows joined side by side carries along: the worst state of its inputs, and the latest vintage. #}
{% macro carried_along(inputs) -%}
    {%- set of = namespace(obs=[], bound=[], conf=[], quality=[], vintage=[]) -%}
    {%- for input in inputs -%}
        {%- set of.obs = of.obs + [input ~ '.obs_status'] -%}
        {%- set of.bound = of.bound + ["nullif(" ~ input ~ ".conf_status, 'F')"] -%}
        {%- set of.conf = of.conf + [input ~ '.conf_status'] -%}
        {%- set of.quality = of.quality + [input ~ '.quality_status'] -%}
        {%- set of.vintage = of.vintage + [input ~ '.vintage'] -%}
    {%- endfor -%}
    {{ worst_of(['Q', 'M', 'L', 'O', 'B', 'V', 'U', 'I', 'E', 'P', 'D', 'A'], of.obs) }} as obs_status,
    coalesce({{ (of.bound + of.conf) | join(', ') }}) as conf_status,
    {{ worst_of(['overridden', 'flagged', 'passed'], of.quality) }} as quality_status,
    greatest({{ of.vintage | join(', ') }}) as vintage
{%- endmacro %}

{# The same of rows that are gathered into one, with whether each is comparable with the year before. #}
{% macro gathered() -%}
    bool_and(coalesce(comparable_with_previous, true)) as inputs_comparable,
    {{ worst_obs_status('obs_status') }} as obs_status,
    {{ worst_conf_status('conf_status') }} as conf_status,
    {{ worst_quality_status('quality_status') }} as quality_status,
    max(vintage) as vintage
{%- endmacro %}
