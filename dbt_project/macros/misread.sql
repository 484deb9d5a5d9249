{# A sign behind a number that stands for percent, or that a scanned percent sign is read as: % %o %0 9^ °/o. #}
{% macro percent_tail(text) -%}
    regexp_extract({{ text }}, '[0-9lLI|OoSsBZz](%[oO0]?|9\^|°/[oO0])$', 1)
{%- endmacro %}

{# A number in which letters stand for digits, as it was before: l L I | are 1, O is 0, S is 5, B is 8, Z is 2. #}
{% macro letters_as_digits(text) -%}
    translate({{ text }}, 'lLI|OoSsBZz', '11110055822')
{%- endmacro %}
