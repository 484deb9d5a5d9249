-- Grain: observation row of yearly data. Another row or column of its file with the same figures throughout, where this one
-- is the copy or neither can be told: two areas that agree in all (three or more) measures of a year, two columns that agree
-- in all (five or more) areas. Zeros agree by nature, and an area may be all that there is of the one above it; neither is
-- counted.
with figure as (
    select
        observation.cell_id,
        observation.file_id,
        observation.series_no,
        observation.ref_area,
        observation.time_period,
        observation.vintage,
        observation.exact_value,
        area.name_zh,
        area.parent,
        series.indicator || ' ' || series.area_type || ' ' || observation.time_period as column_name,
        coalesce(abs(trend.deviation_z), 0) as deviation,
        trend.deviation_z is not null as has_deviation
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('int_ref_area_by_year') }} as area
        on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
    left join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    where observation.exact_value <> 0 and series.freq = 'A'
),

line as (
    select
        file_id,
        time_period,
        vintage,
        ref_area,
        any_value(name_zh) as name_zh,
        any_value(parent) as parent,
        count(*) as figures,
        sum(deviation) as deviation,
        bool_and(has_deviation) as has_deviation,
        md5(string_agg(series_no || ':' || exact_value, ' ' order by series_no, exact_value)) as content
    from figure
    group by all
    having count(distinct exact_value) >= 3
),

file_column as (
    select
        file_id,
        series_no,
        time_period,
        vintage,
        any_value(column_name) as column_name,
        count(*) as figures,
        sum(deviation) as deviation,
        bool_and(has_deviation) as has_deviation,
        md5(string_agg(ref_area || ':' || exact_value, ' ' order by ref_area, exact_value)) as content
    from figure
    group by all
    having count(distinct ref_area) >= 5 and count(distinct exact_value) >= 3
),

-- The one that lies farther from what its series tell is the copy; where that cannot be told, neither is believed.
twin_line as (
    select
        line.file_id,
        line.time_period,
        line.vintage,
        line.ref_area,
        min(twin.ref_area || ' ' || twin.name_zh) as twin_row,
        bool_or(line.deviation >= twin.deviation or not line.has_deviation or not twin.has_deviation) as twin_suspect
    from line
    inner join line as twin
        on
            line.file_id = twin.file_id and line.time_period = twin.time_period and line.vintage = twin.vintage
            and line.content = twin.content and line.ref_area <> twin.ref_area
            and line.parent is distinct from twin.ref_area and twin.parent is distinct from line.ref_area
    group by all
),

twin_column as (
    select
        file_column.file_id,
        file_column.series_no,
        file_column.time_period,
        file_column.vintage,
        min(twin.column_name) as twin_column,
        bool_or(
            file_column.deviation >= twin.deviation or not file_column.has_deviation or not twin.has_deviation
        ) as twin_suspect
    from file_column
    inner join file_column as twin
        on
            file_column.file_id = twin.file_id and file_column.vintage = twin.vintage
            and file_column.content = twin.content
            and (file_column.series_no <> twin.series_no or file_column.time_period <> twin.time_period)
    group by all
)

select
    figure.cell_id,
    line.figures::integer as row_figures,
    file_column.figures::integer as column_figures,
    if(twin_line.twin_suspect, twin_line.twin_row, null) as twin_row,
    if(twin_column.twin_suspect, twin_column.twin_column, null) as twin_column
from figure
left join line
    on
        figure.file_id = line.file_id and figure.time_period = line.time_period and figure.vintage = line.vintage
        and figure.ref_area = line.ref_area
left join file_column
    on
        figure.file_id = file_column.file_id and figure.series_no = file_column.series_no
        and figure.time_period = file_column.time_period and figure.vintage = file_column.vintage
left join twin_line
    on
        figure.file_id = twin_line.file_id and figure.time_period = twin_line.time_period
        and figure.vintage = twin_line.vintage and figure.ref_area = twin_line.ref_area
left join twin_column
    on
        figure.file_id = twin_column.file_id and figure.series_no = twin_column.series_no
        and figure.time_period = twin_column.time_period and figure.vintage = twin_column.vintage
where line.figures is not null or file_column.figures is not null
