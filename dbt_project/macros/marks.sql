{# Footnote signs at the end of a label or a number: ① ⑴ * † ‡ ¹ [1] 注1. Round brackets hold units and names. #}
{% macro footnote_sign() -%}
    (?:[\x{2460}-\x{2487}*＊†‡§¹²³\x{2070}-\x{2079}]|[\[［【]\s*注?\s*[0-9a-z]{1,2}\s*[\]］】]|注\s*[0-9]{1,2})
{%- endmacro %}

{# A text without the footnote signs at its end; a text that is nothing but a sign stays. #}
{% macro without_marks(text) -%}
    regexp_replace({{ text }}, '([^\s])\s*(?:{{ footnote_sign() }}\s*)+$', '\1')
{%- endmacro %}

{# The footnote signs at the end of a text, as a list of them as they are compared. #}
{% macro marks_of(text) -%}
    regexp_extract_all(
        {{ plain_mark("regexp_extract(" ~ half_width(text) ~ ", '[^\\s]\\s*((?:" ~ footnote_sign() ~ "\\s*)+)$', 1)") }},
        '{{ footnote_sign() }}'
    )
{%- endmacro %}

{# A footnote sign as it is compared: half-width, without white space. #}
{% macro plain_mark(mark) -%}
    regexp_replace({{ half_width(mark) }}, '\s', '', 'g')
{%- endmacro %}

{# A label as it is compared: half-width, without white space and footnote signs, also within a heading of several rows. #}
{% macro plain_label(label) -%}
    regexp_replace(
        regexp_replace({{ half_width(label) }}, '([^\s/])\s*{{ footnote_sign() }}+\s*(/|$)', '\1\2', 'g'), '\s', '', 'g'
    )
{%- endmacro %}

{# A unit as it is compared: half-width, without 单位: before it and brackets around it. mW is not MW. #}
{% macro plain_unit(unit) -%}
    regexp_replace(
        regexp_replace({{ half_width(unit) }}, '^(?:(?:计量)?单位|(?:計量)?單位|[Uu]nits?)\s*:\s*|\s', '', 'g'), '^\((.+)\)$', '\1'
    )
{%- endmacro %}
