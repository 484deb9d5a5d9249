{# A spreadsheet address from numbers: row 7, column 3 is C7. Columns go to three letters. #}
{% macro cell_address(row_no, col_no) -%}
    case when {{ col_no }} > 702 then chr((64 + ({{ col_no }} - 703) // 676 + 1)::integer) else '' end
    || case when {{ col_no }} > 26 then chr((65 + (({{ col_no }} - 27) // 26) % 26)::integer) else '' end
    || chr((65 + ({{ col_no }}::integer - 1) % 26)::integer) || {{ row_no }}
{%- endmacro %}
