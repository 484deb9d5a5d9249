{# Steps of a composite index after the Handbook on Constructing Composite Indicators (OECD/JRC 2008), computed as
   COINr 1.1.14 computes them. Lists hold no NULL. #}

{# Whether a list of values passes for free of outliers: |skewness| at most 2 or excess kurtosis at most 3.5, both as sample
   statistics (type 2). Fewer than four values or no spread pass. #}
{% macro free_of_outliers(values) -%}
    coalesce(
        len({{ values }}) < 4 or list_max({{ values }}) = list_min({{ values }})
        or abs(list_aggregate({{ values }}, 'skewness')) <= 2 or list_aggregate({{ values }}, 'kurtosis') <= 3.5,
        true
    )
{%- endmacro %}

{# A list of values whose outliers are drawn in: the highest (lowest where the skewness is negative) becomes the next, again and
   again, until the list passes or `points` values are drawn in. Ties are drawn in at once. #}
{% macro winsorised(values, points) -%}
    list_reduce(
        list_transform(range({{ points }}), lambda step: {{ values }}),
        lambda held, untouched: case
            when
                {{ free_of_outliers('held') }}
                or len(list_filter(untouched, lambda x: x < list_min(held) or x > list_max(held))) >= {{ points }}
                then held
            when list_aggregate(held, 'skewness') >= 0 then
                list_transform(held, lambda x: least(x, list_max(list_filter(held, lambda y: y < list_max(held)))))
            else list_transform(held, lambda x: greatest(x, list_min(list_filter(held, lambda y: y > list_min(held)))))
        end,
        {{ values }}
    )
{%- endmacro %}

{# The transform of the COIN Tool for what winsorising does not mend. #}
{% macro log_transformed(value, low, high) -%}
    ln({{ value }} - {{ low }} + 0.01 * ({{ high }} - {{ low }}))
{%- endmacro %}

{# A value on a common scale, in the windows `reference` and `ascending`; `adjusted` is the value times its direction. NULL
   where there is no spread, and where a method lacks its goalposts or its target. #}
{% macro normalised(method, adjusted, direction, goalpost_low, goalpost_high, target, low, high) -%}
    case
        when {{ adjusted }} is null then null
        when {{ method }} = 'none' then {{ adjusted }}
        when {{ method }} = 'z_score' then
            ({{ adjusted }} - avg({{ adjusted }}) over reference) / nullif(stddev_samp({{ adjusted }}) over reference, 0)
            * {{ high }} + {{ low }}
        else {{ low }} + ({{ high }} - {{ low }}) * case {{ method }}
            when 'min_max' then
                ({{ adjusted }} - min({{ adjusted }}) over reference)
                / nullif(max({{ adjusted }}) over reference - min({{ adjusted }}) over reference, 0)
            when 'percentile_rank' then
                (rank() over ascending - 1)::double / nullif(count({{ adjusted }}) over reference - 1, 0)
            when 'goalposts' then
                case
                    when {{ goalpost_high }} > {{ goalpost_low }} then greatest(0, least(1, (
                        {{ adjusted }} - {{ direction }} * if({{ direction }} > 0, {{ goalpost_low }}, {{ goalpost_high }})
                    ) / ({{ goalpost_high }} - {{ goalpost_low }})))
                end
            when 'distance_to_target' then
                case
                    when {{ target }} is null then null
                    when {{ adjusted }} >= {{ direction }} * {{ target }} then 1
                    else
                        ({{ adjusted }} - min({{ adjusted }}) over reference)
                        / ({{ direction }} * {{ target }} - min({{ adjusted }}) over reference)
                end
        end
    end
{%- endmacro %}

{# One less the entropy of a column of shares, as an aggregate over min-max values z from 0 to 1:
   1 - e with e = -sum(p ln p) / ln n, p = z / sum(z), 0 ln 0 = 0. 0 where there is no spread. #}
{% macro divergence(z) -%}
    coalesce(
        1 - (
            ln(nullif(sum({{ z }}), 0))
            - sum(if({{ z }} > 0, {{ z }} * ln({{ z }}), 0)) / nullif(sum({{ z }}), 0)
        ) / nullif(ln(nullif(count({{ z }}), 0)), 0),
        0
    )
{%- endmacro %}

{# The eigenvector of a symmetric matrix (list of rows) that belongs to the eigenvalue largest in size. The matrix is squared
   again and again, which is the power method in steps of 2^n, until only that direction is left. Its sign is such that the
   components sum to more than 0. #}
{% macro leading_vector(matrix) -%}
    list_transform(
        [list_reduce(
            list_transform(range(40), lambda step: {{ matrix }}),
            lambda held, untouched: list_transform(
                held, lambda one: list_transform(
                    held, lambda other: list_inner_product(one, other)
                    / list_sum(list_transform(held, lambda row_held: list_inner_product(row_held, row_held)))
                )
            ),
            {{ matrix }}
        )],
        lambda power: list_transform(
            [list_transform(range(1, len(power) + 1), lambda i: list_sum(list_transform(power, lambda one: one[i])))],
            lambda total: list_transform(total, lambda x: x / nullif(sqrt(list_inner_product(total, total)), 0))
        )[1]
    )[1]
{%- endmacro %}

{# The mean of the parts that have a score, as an aggregate: arithmetic, geometric or harmonic; the last two need scores above 0. #}
{% macro aggregated(method, weight, score) -%}
    case
        when sum({{ weight }}) filter ({{ score }} is not null) = 0 then null
        when {{ method }} = 'arithmetic' then
            sum({{ weight }} * {{ score }}) / sum({{ weight }}) filter ({{ score }} is not null)
        when min({{ score }}) <= 0 then null
        when {{ method }} = 'geometric' then
            exp(
                sum({{ weight }} * ln(if({{ score }} > 0, {{ score }}, null)))
                / sum({{ weight }}) filter ({{ score }} is not null)
            )
        when {{ method }} = 'harmonic' then
            sum({{ weight }}) filter ({{ score }} is not null) / sum({{ weight }} / nullif({{ score }}, 0))
    end
{%- endmacro %}

{# A number from 0 to 1 that belongs to a seed, a draw and a factor, and to nothing else: the lower half of the MD5 of the three. #}
{% macro drawn_number(seed, draw, factor) -%}
    (md5_number_lower(concat_ws('|', {{ seed }}, {{ draw }}, {{ factor }})) / 18446744073709551616.0::double)
{%- endmacro %}

{# How a share of present parts is held against the least that is asked: at two decimals, so that 0.67 is two thirds. #}
{% macro enough(present, of_all, least_share) -%}
    (round({{ present }} / {{ of_all }}, 2) >= round({{ least_share }}, 2))
{%- endmacro %}

{# The words of a text, which are of small letters, with one blank between them; NULL where there is none. #}
{% macro words(column) -%}
    nullif(array_to_string(regexp_extract_all({{ column }}, '[a-z_]+'), ' '), '')
{%- endmacro %}
