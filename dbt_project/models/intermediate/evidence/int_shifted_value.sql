-- Grain: observation row in a run of at least three areas of one column, in the order in which they are printed, each of
-- which bears the value that is told of the area before it, or of the one after. What belongs to an area then stands with
-- the next one. From the first to the last one that is strange in itself, all of the run are shifted.
with suspected as (
    select distinct
        file_id,
        series_no,
        ref_year
    from {{ ref('int_slip_suspect') }}
    where is_outlier
),

printed as (
    select
        observation.cell_id,
        observation.file_id,
        observation.series_no,
        observation.ref_year,
        observation.obs_value,
        cell.sheet_no,
        cell.row_no::integer as row_no,
        cell.col_no::integer as col_no,
        trend.position,
        trend.expected_position,
        trend.usual_distance,
        greatest(4 * trend.usual_distance, 3 * trend.expected_spread) as near,
        trend.expected_spread,
        coalesce(abs(trend.deviation_z) > 4, false) as is_strange
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
    inner join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    semi join suspected
        on
            observation.file_id = suspected.file_id and observation.series_no = suspected.series_no
            and observation.ref_year = suspected.ref_year
),

directed as (
    select
        *,
        'down' as direction,
        lag(expected_position) over reading as from_position,
        abs(lag(row_no) over reading - row_no) as step,
        lead(obs_value) over reading as next_value,
        lead(position) over reading as next_position
    from printed
    window reading as (partition by file_id, sheet_no, series_no, ref_year order by row_no, col_no)
    union all
    select
        *,
        'up' as direction,
        lead(expected_position) over reading as from_position,
        abs(lead(row_no) over reading - row_no) as step,
        lag(obs_value) over reading as next_value,
        lag(position) over reading as next_position
    from printed
    window reading as (partition by file_id, sheet_no, series_no, ref_year order by row_no, col_no)
),

-- What is told of the cell before is not known where that one is blank: a strange value beside a blank may be its own.
fitting as (
    select
        *,
        coalesce(abs(position - from_position) <= near, false)
        or (is_strange and step > median(step) over (partition by file_id, sheet_no, series_no, ref_year)) as fits
    from directed
),

numbered as (
    select
        *,
        sum((not fits)::integer) over (
            partition by file_id, sheet_no, series_no, ref_year, direction order by row_no, col_no
        ) as run_no
    from fitting
),

-- By how many robust standard deviations a value lies nearer to what is told of the other than of its own area.
gained as (
    select
        *,
        (abs(position - expected_position) - coalesce(abs(position - from_position), near)) / expected_spread as gain
    from numbered
    where fits
),

-- A run begins behind what does not fit and ends before the next that does not; at its ends stands what may be its own.
run as (
    select
        *,
        count(*) over run as length,
        sum(greatest(-10, least(10, gain))) over run as total_gain,
        count_if(gain > 0.5) over run as gaining,
        min(if(gain > 0.5, (row_no, col_no), null)) over run as first_gaining,
        max(if(gain > 0.5, (row_no, col_no), null)) over run as last_gaining
    from gained
    window run as (partition by file_id, sheet_no, series_no, ref_year, direction, run_no)
)

select
    cell_id,
    'shifted_row' as slip,
    -- What belongs here stands with the next one, if that one is shifted as well.
    max(if(abs(next_position - expected_position) <= near, next_value, null)) as value
from run
where
    length >= 3 and gaining >= 2 and total_gain >= 6
    and (row_no, col_no) between first_gaining and last_gaining
group by all
having count(*) = 1
