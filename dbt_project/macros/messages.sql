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

{# What a message calls a series, in both languages, as the columns what_en and what_zh; "GDP" and "R&D" keep their capitals. #}
{% macro series_in_words(indicator, area_type) -%}
    case
        when regexp_matches({{ indicator }}.name_en, '^[A-Z][a-z]')
            then lower(left({{ indicator }}.name_en, 1)) || substr({{ indicator }}.name_en, 2)
        else {{ indicator }}.name_en
    end
    || case when {{ area_type }} = 'total' then '' else ' (' || {{ area_type }} || ')' end as what_en,
    {{ indicator }}.name_zh
    || case {{ area_type }} when 'urban' then '（城镇）' when 'rural' then '（农村）' else '' end as what_zh
{%- endmacro %}
