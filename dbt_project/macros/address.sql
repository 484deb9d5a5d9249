{# The place of a cell as its file spells it: row 7, column 3 of a sheet ('A1') is C7, with columns to three letters;
   else the file's template with the two numbers filled in. #}
{% macro cell_address(address, row_no, col_no) -%}
    case when {{ address }} = 'A1'
        then
            case when {{ col_no }} > 702 then chr((64 + ({{ col_no }} - 703) // 676 + 1)::integer) else '' end
            || case when {{ col_no }} > 26 then chr((65 + (({{ col_no }} - 27) // 26) % 26)::integer) else '' end
            || chr((65 + ({{ col_no }}::integer - 1) % 26)::integer) || {{ row_no }}
        else
            replace(
                replace({{ address }}, '{row}', cast({{ row_no }} as varchar)),
                '{column}', cast({{ col_no }} as varchar)
            )
    end
{%- endmacro %}
