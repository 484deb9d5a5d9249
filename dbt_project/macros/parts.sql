{# Of figures of areas made of others (`gathered`, with `areas_present`): how many areas each was made of by the map of the year, and
   whether all of them are there, as `complete`. #}
{% macro held_against_the_map(gathered, parts, areas) -%}
expected as (
    select
        gathered.ref_area,
        gathered.ref_year,
        count(*) as areas_expected
    from {{ gathered }} as gathered
    inner join {{ parts }} as wanted
        on
            gathered.ref_area = wanted.parent
            and gathered.ref_year >= wanted.since_year and gathered.ref_year < wanted.until_year
    group by all
),

complete as (
    select
        gathered.*,
        area_name.name_zh as ref_area_name,
        expected.areas_expected,
        gathered.areas_present = expected.areas_expected as is_complete
    from {{ gathered }} as gathered
    inner join expected on gathered.ref_area = expected.ref_area and gathered.ref_year = expected.ref_year
    inner join {{ areas }} as area_name
        on
            gathered.ref_area = area_name.ref_area
            and gathered.ref_year >= if(area_name.valid_from <= 1981, 0, area_name.valid_from)
            and gathered.ref_year < coalesce(area_name.valid_to, 9999)
)
{%- endmacro %}
