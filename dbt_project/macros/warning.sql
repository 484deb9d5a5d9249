{# What an early warning says; the columns of mart_early_warning are in scope. #}
{% macro warning_in_words(language) -%}
    {%- set level = {
        'en': ['reached', 'on track', 'must be faster', 'hardly moves', 'goes the wrong way or was missed', 'cannot be said'],
        'zh': ['已达到', '进展良好', '须加快', '进展缓慢', '背离目标或未达到', '无法判断'],
    }[language] -%}
    {%- set figure = "format('{:.12g}', " -%}
    concat(
        {{ "ref_area_name || ' ' || ref_year || ' ' || what_en || ': '" if language == 'en' else "ref_area_name || ref_year || '年' || what_zh || '：'" }},
        {{ figure }}value_published / display_multiplier), display_unit,
        {{ "'; '" if language == 'en' else "'；'" }},
        ['{{ level | join("', '") }}'][list_position(['blue', 'green', 'yellow', 'orange', 'red', 'grey'], warning_level)],
        case
            when rule = 'trend'
                then {{
                    "' (' || format('{:+.1f}', measure) || ' % a year the wanted way since ' || since_year || ')'" if language == 'en'
                    else "'（自' || since_year || '年以来朝期望方向年均' || format('{:+.1f}', measure) || '%）'"
                }}
            else
                {{ "' (target '" if language == 'en' else "'（目标 '" }}
                || coalesce(if(
                    is_growth,
                    {{ figure }}target_value) || {{ "' % a year'" if language == 'en' else "'%（年均）'" }},
                    {{ figure }}target_value / display_multiplier) || display_unit
                ), '')
                || {{ "coalesce(' by ' || target_year, '') || ')'" if language == 'en' else "coalesce('，' || target_year || '年', '') || '）'" }}
        end
    )
{%- endmacro %}
