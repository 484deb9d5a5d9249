{# Fails for every area of the code list whose code does not begin like that of the area above it: a county's like that of its
   city or, where the province governs it directly, of its province. The list says so of codes in force at one time. #}
{% test code_below_parent(model) %}
select ref_area, valid_from, level, parent
from {{ model }}
where
    level in ('province', 'prefecture', 'county') and regexp_full_match(ref_area, '[0-9]{6}')
    and case level
        when 'province' then parent is distinct from '000000'
        when 'prefecture' then parent is distinct from left(ref_area, 2) || '0000'
        else coalesce(parent not in (left(ref_area, 4) || '00', left(ref_area, 2) || '0000'), true)
    end
{% endtest %}
