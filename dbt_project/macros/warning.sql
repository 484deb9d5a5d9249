{# What an early warning says; the columns of mart_early_warning are in scope.

   What it judges by a target is said by the status of the headline, by a trend by the level: a missed target is not one that
   goes the wrong way, and what slips back is not slow. #}
{% macro warning_in_words(language) -%}
    {%- set zh = language == 'zh' -%}
    concat(
        {{ "ref_area_name || ref_year || '年' || what_zh || '：'" if zh else "ref_area_name || ' ' || ref_year || ' ' || what_en || ': '" }},
        {{ figure_in_words('value_published / display_multiplier') }}, display_unit,
        {{ "'；'" if zh else "'; '" }},
        case coalesce(status, rule || ' ' || warning_level)
        {%- for code, en, chinese in [
            ('met_early', 'reached', '已达到'),
            ('achieved', 'reached', '已达到'),
            ('on_track', 'on track', '进展良好'),
            ('acceleration_needed', 'must be faster', '须加快'),
            ('limited_progress', 'hardly moves', '进展缓慢'),
            ('deterioration', 'goes the wrong way', '背离目标'),
            ('missed', 'missed', '到期未达到'),
            ('trend green', 'improves', '持续改善'),
            ('trend yellow', 'hardly improves', '改善缓慢'),
            ('trend orange', 'slips back', '略有倒退'),
            ('trend red', 'becomes worse', '明显倒退'),
        ] %}
            when '{{ code }}' then '{{ chinese if zh else en }}'
        {%- endfor %}
            else {{ "'无法判断：' || reason_zh" if zh else "'cannot be said: ' || reason_en" }}
        end,
        {{ "'（'" if zh else "' ('" }},
        {%- if zh %}
        if(
            rule = 'trend',
            '自' || since_year || '年以来朝期望方向年均' || format('{:+.1f}', measure) || '%' || if(is_rate, '，为相对变化', ''),
            concat(if(is_growth, '年均增长' || {{ figure_in_words('actual_rate_pct', 3) }} || '%，', ''), {{ target_in_words('zh') }})
        ), '）'
        {%- else %}
        if(
            rule = 'trend',
            format('{:+.1f}', measure) || ' % a year the wanted way since ' || since_year || if(is_rate, ', as a relative change', ''),
            concat(if(is_growth, {{ figure_in_words('actual_rate_pct', 3) }} || ' % a year, ', ''), {{ target_in_words('en') }})
        ), ')'
        {%- endif %}
    )
{%- endmacro %}

{# What a target asks for; the columns of mart_early_warning are in scope. #}
{% macro target_in_words(language) -%}
    {%- set zh = language == 'zh' -%}
    concat(
        '{{ '目标' if zh else 'target' }}',
        case comparator
        {%- for sign, en, chinese in [
            ('>=', 'at least', '不低于'), ('>', 'above', '高于'), ('<=', 'at most', '不高于'), ('<', 'below', '低于'),
            ('about', 'about', '约'), ('up', 'to rise', '提高'), ('down', 'to fall', '降低'),
        ] %}
            when '{{ sign }}' then '{{ '' if zh else ' ' }}{{ chinese if zh else en }}'
        {%- endfor %}
        end,
        ' ' || if(
            is_growth,
            {{ figure_in_words('target_value') }} || '{{ '%（年均）' if zh else ' % a year' }}',
            {{ figure_in_words('target_value / display_multiplier') }} || display_unit
        ),
        {{ "'，' || target_year || '年'" if zh else "' by ' || target_year" }}
    )
{%- endmacro %}

{# A figure without noise behind its last digit. #}
{% macro figure_in_words(value, digits=12) -%}
    format('{:.{{ digits }}g}', {{ value }})
{%- endmacro %}
