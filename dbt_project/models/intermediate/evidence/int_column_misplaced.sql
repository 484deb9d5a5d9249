-- Grain: observation row of money or persons. Where a whole column of a file, of at least ten areas, does not fit what is
-- expected of it: whether four in five of its figures fit better the area above or below them, or another column.
with figure as (
    select
        observation.cell_id,
        observation.file_id,
        observation.series_no,
        observation.vintage,
        observation.ref_area,
        observation.ref_year,
        indicator.unit_measure,
        series.indicator || ' ' || series.area_type as series_name,
        log10(observation.obs_value) as position,
        log10(trend.expected_value) as expected,
        -- Of one side alone a year's growth would count as a miss.
        case
            when trend.previous_value > 0 and trend.next_value > 0
                then (log10(trend.previous_value) + log10(trend.next_value)) / 2
        end as around
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    where
        series.freq = 'A' and indicator.quantity in ('money', 'persons')
        and observation.obs_value > 0 and trend.expected_value > 0
),

beside as (
    select
        *,
        position - expected as miss,
        position - lag(expected) over areas as miss_above,
        position - lead(expected) over areas as miss_below
    from figure
    window areas as (partition by file_id, series_no, vintage, ref_year order by ref_area, cell_id)
),

-- A shift bends the growth that its areas have in common, and with it every expectation of the year: the scatter about
-- the common miss tells whether the areas fit.
placed as (
    select
        *,
        abs(position - around) as own_miss,
        abs(miss - median(miss) over file_column) as scatter,
        abs(miss_above - median(miss_above) over file_column) as scatter_above,
        abs(miss_below - median(miss_below) over file_column) as scatter_below
    from beside
    window file_column as (partition by file_id, series_no, vintage, ref_year)
),

-- What fits its own expectation is in its place: by 5 % (0.02 in the logarithm) about the common miss, by 12 % (0.05) from
-- the years before and after. The latter are told by no peers, who would all be wrong together.
file_column as (
    select
        file_id,
        series_no,
        vintage,
        ref_year,
        count(*) as areas,
        median(own_miss) > 0.05 as misfits,
        median(scatter) > 0.02 as scatters,
        avg((scatter_above < scatter)::integer) as fit_above,
        avg((scatter_below < scatter)::integer) as fit_below
    from placed
    group by all
    having count(*) >= 10 and count(around) >= 10
),

fitting as (
    select
        own.file_id,
        own.series_no,
        own.vintage,
        own.ref_year,
        other.series_name,
        avg((abs(own.position - other.around) < own.own_miss)::integer) as fit
    from placed as own
    inner join file_column
        on
            own.file_id = file_column.file_id and own.series_no = file_column.series_no
            and own.vintage = file_column.vintage and own.ref_year = file_column.ref_year
            and file_column.misfits
    inner join figure as other
        on
            own.file_id = other.file_id and own.vintage = other.vintage
            and own.ref_area = other.ref_area and own.ref_year = other.ref_year
            and own.unit_measure = other.unit_measure and own.series_no <> other.series_no
    group by all
    having count(*) >= 10 and fit >= 0.8
),

best as (
    select
        file_id,
        series_no,
        vintage,
        ref_year,
        arg_max(series_name, (fit, series_name)) as fits_column
    from fitting
    group by all
)

select
    placed.cell_id,
    file_column.areas::integer as placed_areas,
    case
        when not file_column.scatters then 0
        when file_column.fit_above >= 0.8 then -1
        when file_column.fit_below >= 0.8 then 1
        else 0
    end as row_shift,
    best.fits_column
from placed
inner join file_column
    on
        placed.file_id = file_column.file_id and placed.series_no = file_column.series_no
        and placed.vintage = file_column.vintage and placed.ref_year = file_column.ref_year
left join best
    on
        placed.file_id = best.file_id and placed.series_no = best.series_no
        and placed.vintage = best.vintage and placed.ref_year = best.ref_year
