{# A text with the full-width forms of ASCII (and the ideographic space) as their half-width ones, trimmed. #}
{% macro half_width(text) -%}
    trim(translate(
        {{ text }},
        '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～　',
        '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz' || chr(123) || '|' || chr(125) || '~ '
    ))
{%- endmacro %}

{# total, urban or rural, as the contract, SDMX (_T, U, R) or a Chinese table says it; NULL when it is none of them. #}
{% macro area_type(label) -%}
    case lower(trim({{ label }}))
        when 'total' then 'total' when '_t' then 'total' when '全体' then 'total' when '合计' then 'total'
        when 'urban' then 'urban' when 'u' then 'urban' when '城镇' then 'urban' when '城鎮' then 'urban'
        when 'rural' then 'rural' when 'r' then 'rural' when '农村' then 'rural' when '農村' then 'rural'
    end
{%- endmacro %}

{# A vintage as a date: YYYY or YYYY-MM stand for their last day; NULL when it is no date. #}
{% macro vintage_date(text) -%}
    case
        when regexp_full_match({{ text }}, '[12][0-9]{3}') then make_date({{ text }}::integer, 12, 31)
        when regexp_full_match({{ text }}, '[12][0-9]{3}-(0[1-9]|1[0-2])') then last_day(try_cast({{ text }} || '-01' as date))
        when regexp_full_match({{ text }}, '[12][0-9]{3}-[0-9]{2}-[0-9]{2}') then try_cast({{ text }} as date)
    end
{%- endmacro %}

{# The day in China of a time in UTC: one zone, and no summer time since 1991. #}
{% macro day_in_china(time) -%}
    cast({{ time }} + interval 8 hours as date)
{%- endmacro %}
