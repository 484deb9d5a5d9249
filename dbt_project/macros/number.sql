{# A printed number as DECIMAL: full-width forms, commas or spaces between groups of three digits and footnote signs
   behind it are read; nothing else is guessed. Where `is_plain` holds the text is known to be a bare number, which spares the work for most cells. #}
{% macro printed_number(text, is_plain='false') -%}
    case
        when {{ is_plain }} then try_cast({{ text }} as decimal(38, 15))
        when
            regexp_full_match(
                {{ without_marks(half_width(text)) }},
                '[+-]?([0-9]{1,3}([, \x{A0}][0-9]{3})+|[0-9]+)([.][0-9]+)?([eE][+-]?[0-9]+)?'
            )
            then try_cast(regexp_replace({{ without_marks(half_width(text)) }}, '[, \x{A0}]', '', 'g') as decimal(38, 15))
    end
{%- endmacro %}

{# How many digits stand behind the point of a printed number. #}
{% macro printed_decimals(text, is_plain='false') -%}
    case
        when {{ is_plain }} then if(strpos({{ text }}, '.') = 0, 0, length({{ text }}) - strpos({{ text }}, '.'))
        else length(regexp_extract({{ half_width(text) }}, '\.([0-9]+)', 1))
    end
{%- endmacro %}

{# Half-up (away from zero) of a DECIMAL to a number of decimals that differs from row to row (0 to 4); DuckDB
   rounds a DECIMAL so, but only to a constant number of decimals. #}
{% macro half_up_to(value, decimals) -%}
    case {{ decimals }}
    {%- for places in range(4) %}
        when {{ places }} then round({{ value }}, {{ places }})::double
    {%- endfor %}
        else round({{ value }}, 4)::double
    end
{%- endmacro %}

{# A quotient of two DECIMALs, half-up on its exact value: whole numbers only, so no binary fraction comes between.
   Both are taken to six decimals. NULL unless the denominator is positive. #}
{% macro ratio_half_up(numerator, denominator, decimals) -%}
    case when {{ denominator }} > 0 then cast(
        sign({{ numerator }}) * cast(
            (2 * {{ 10 ** decimals }} * cast(abs({{ numerator }}) * 1000000 as hugeint) + cast({{ denominator }} * 1000000 as hugeint))
            // (2 * cast({{ denominator }} * 1000000 as hugeint))
            as decimal(38, 0)
        ) as double) / {{ 10 ** decimals }} end
{%- endmacro %}

{# The digits, point and sign of a printed number, without the marks between groups of digits. #}
{% macro bare_number(text) -%}
    regexp_replace({{ half_width(text) }}, '[, \x{A0}]', '', 'g')
{%- endmacro %}

{# To which decimal place a DECIMAL has digits: 2 of 1.25, 0 of 7, -1 of 70. #}
{% macro significant_decimals(number) -%}
    if(
        {{ number }} = trunc({{ number }}),
        length(rtrim(trunc({{ number }})::hugeint::varchar, '0')) - length(trunc({{ number }})::hugeint::varchar),
        length(rtrim(split_part({{ number }}::varchar, '.', 2), '0'))
    )
{%- endmacro %}

{# A sum of DOUBLEs that is the same in whatever order they come: added up as DECIMALs. #}
{% macro steady_sum(value, decimals=15) -%}
    sum(({{ value }})::decimal(38, {{ decimals }}))
{%- endmacro %}
