{# Two steps of the search for values that stand apart, as common table expressions of int_observation_apart. Both leave
   out what earlier rounds have set aside, and look at those lines alone on which the last round found something. #}

{# How far each value stands apart from the three before and the three after it, in `apart_<round>`. #}
{% macro stands_apart(round) -%}
beside_{{ round }} as (
    select
        placed.*,
    {%- for way, side in [('lag', 'before'), ('lead', 'after')] %}
        list_median([{{ way }}(level, 1) over line, {{ way }}(level, 2) over line, {{ way }}(level, 3) over line])
            as {{ side }}_level,
    {%- endfor %}
        count(*) over (partition by placed.series_no, placed.ref_area, placed.ground_no, placed.edition_no) as known
    from placed
    {%- if round > 1 %}
    semi join culprit_{{ round - 1 }} as culprit
        on
            placed.series_no = culprit.series_no and placed.ref_area = culprit.ref_area
            and placed.ground_no = culprit.ground_no and placed.edition_no = culprit.edition_no
    {%- endif %}
    {%- for earlier in range(1, round) %}
    anti join culprit_{{ earlier }} on placed.cell_id = culprit_{{ earlier }}.cell_id
    {%- endfor %}
    window line as (
        partition by placed.series_no, placed.ref_area, placed.ground_no, placed.edition_no order by placed.ref_year
    )
),

apart_{{ round }} as (
    select
        *,
        case
            when known < 4 then null
            when before_level is null then level - after_level
            when after_level is null then level - before_level
            when sign(level - before_level) = sign(level - after_level)
                then sign(level - after_level) * least(abs(level - before_level), abs(level - after_level))
            else 0
        end as apart
    from beside_{{ round }}
)
{%- endmacro %}

{# Of each line the value that stands farthest apart, if it is strange, in `culprit_<round>`. At an end of the line, where
   one side alone tells, it counts for half: its neighbours may be the wrong ones. #}
{% macro farthest_apart(round) -%}
culprit_{{ round }} as (
    select
        apart.cell_id,
        apart.series_no,
        apart.ref_area,
        apart.ground_no,
        apart.edition_no
    from apart_{{ round }} as apart
    inner join spread on apart.series_no = spread.series_no and apart.peer_group = spread.peer_group
    where abs(apart.apart) > 4 * greatest(spread.apart_spread, apart.least_spread)
    qualify row_number() over (
        partition by apart.series_no, apart.ref_area, apart.ground_no, apart.edition_no
        order by abs(apart.apart) / if(apart.before_level is null or apart.after_level is null, 2, 1) desc, apart.cell_id asc
    ) = 1
)
{%- endmacro %}

{# The least that counts as one robust standard deviation, however calm a series is: a hundredth in the logarithm (2.3 %),
   or half a point. #}
{% macro least_spread(is_logarithm) -%}
    if({{ is_logarithm }}, 0.01, 0.5)
{%- endmacro %}

{# The suspects of one file that agree in two columns of their key and are each near what is told of the other. #}
{% macro swapped_pairs(slip, one_column, other_column) -%}
    select
        one.cell_id,
        {{ slip }} as slip,
        other.obs_value as value,
        other.cell_id as other_cell_id,
        abs(other.position - one.expected_position) / one.usual_distance as misfit
    from suspect as one
    inner join suspect as other
        on
            one.file_id = other.file_id and one.unit_measure = other.unit_measure
            and one.{{ one_column }} = other.{{ one_column }} and one.{{ other_column }} = other.{{ other_column }}
            and one.cell_id <> other.cell_id
            and abs(other.position - one.expected_position) <= one.near
            and abs(one.position - other.expected_position) <= other.near
{%- endmacro %}
