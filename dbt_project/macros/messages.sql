{# A message of the catalogue with its places filled in. #}
{% macro filled_in(template) -%}
    {%- set place = namespace(sql=template) -%}
    {%- for name, value in [
        ('file', 'file_name'), ('sheet', "coalesce(sheet, '')"), ('cell', "coalesce(cell, row_no::varchar, '')"),
        ('row', "coalesce(row_no::varchar, '')"), ('text', "coalesce(raw_text, '')"), ('source', 'source'),
    ] -%}
        {%- set place.sql = "replace(" ~ place.sql ~ ", '{" ~ name ~ "}', " ~ value ~ ")" -%}
    {%- endfor -%}
    regexp_replace({{ place.sql }}, ' {2,}', ' ', 'g')
{%- endmacro %}
