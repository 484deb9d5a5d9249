{# A text on one line: what a line break parts belongs together, and so do digits and their groups of thousands. #}
{% macro joined_lines(text) -%}
    regexp_replace(
        regexp_replace({{ half_width("regexp_replace(" ~ text ~ ", '\s*[\r\n]+\s*', '', 'g')") }}, '([0-9])[, ]([0-9]{3})', '\1\2', 'g'),
        '([0-9])\s+([^0-9\s])', '\1\2', 'g'
    )
{%- endmacro %}

{# What a scanned percent sign is read as, at the end of a text: %o %0 9^ °/o; empty when nothing of that kind stands there. #}
{% macro misread_percent(text) -%}
    regexp_extract({{ text }}, '[0-9lLI|OoSsBZz](%[oO0]|9\^|°/[oO0])$', 1)
{%- endmacro %}

{# What follows a number, in which letters may stand for digits. #}
{% macro text_after_number(text) -%}
    regexp_extract({{ text }}, '^[+-]?[0-9lLI|OoSsBZz]+(?:[.][0-9lLI|OoSsBZz]+)?([^0-9lLI|OoSsBZz.].*)$', 1)
{%- endmacro %}

{# A number in which letters stand for digits, as it was before: l L I | are 1, O is 0, S is 5, B is 8, Z is 2. #}
{% macro letters_as_digits(text) -%}
    translate({{ text }}, 'lLI|OoSsBZz', '11110055822')
{%- endmacro %}
