{# Areas and years in which an area took in another or gave a part away: its figures of before and after are of different
   ground. #}
{% macro changed_ground(changes) -%}
    select
        "to" as ref_area,
        year as ref_year
    from {{ changes }}
    where kind in ('merge', 'split')
    union
    select
        "from" as ref_area,
        year as ref_year
    from {{ changes }}
    where kind = 'split'
{%- endmacro %}
