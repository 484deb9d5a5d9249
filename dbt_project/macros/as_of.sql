{# The day whose knowledge a relation shows: the end of time, that is all that is known. Reading a release as of a
   day replaces this one date in the compiled query, so that today's table and the as-of view are one and the same SQL. #}
{% macro as_of() -%}
    date '9999-12-31'
{%- endmacro %}
