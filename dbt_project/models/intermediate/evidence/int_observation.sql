-- The same value and status sent again under the same vintage is no revision: only its first sending is an observation.
-- Nor is it one under no stated vintage, while it is what was known last: the day of receipt says nothing new.
-- A key that stands twice in one file is kept as it stands, for the rules to find.
-- What a person rejected is no observation; what a person corrected has the decided value, for rules and neighbours too.
with cell as (
    select
        cell.*,
        reviewed.outcome as review_outcome,
        reviewed.decided_value,
        reviewed.decided_decimals
    from {{ ref('int_cell') }} as cell
    left join {{ ref('int_reviewed_cell') }} as reviewed
        on cell.cell_id = reviewed.cell_id and reviewed.outcome in ('accept', 'correct', 'reject')
    where cell.reject_reason is null and not cell.is_missing and reviewed.outcome is distinct from 'reject'
),

series as (
    select * from {{ ref('int_series') }}
),

counted as (
    select
        cell.cell_id,
        cell.file_id,
        cell.ref_area,
        cell.ref_year,
        cell.time_period,
        cell.vintage,
        cell.vintage_inferred,
        cell.obs_status,
        cell.conf_status,
        cell.multiplier,
        cell.unit_text,
        cell.decimals,
        cell.printed_decimals,
        cell.exact_value,
        cell.review_outcome,
        cell.decided_value,
        cell.decided_decimals,
        series.series_no,
        count(*) over (
            partition by series.series_no, cell.ref_area, cell.time_period, cell.vintage, cell.file_id
        ) as key_count
    from cell
    inner join series
        on
            cell.source = series.source
            and cell.freq = series.freq
            and cell.accumulation = series.accumulation
            and cell.indicator = series.indicator
            and cell.area_type = series.area_type
            and cell.definition = series.definition
            and cell.basis = series.basis
            and (cell.break_year is not distinct from series.break_year)
),

-- What follows a key that stood twice is no repeat of it: it says which of the two holds.
sent as (
    select
        *,
        lag(key_count) over sending = 1
        and lag(file_id) over sending <> file_id
        and (vintage_inferred or lag(vintage) over sending = vintage)
        and lag(exact_value) over sending = exact_value
        and lag(obs_status) over sending = obs_status
            as is_repeat
    from counted
    window sending as (
        partition by series_no, ref_area, time_period
        order by vintage, cell_id
    )
),

kept as (
    select * exclude (is_repeat)
    from sent
    where key_count > 1 or not coalesce(is_repeat, false)
)

select
    * exclude (decided_value, decided_decimals)
    replace (
        coalesce(decided_value, exact_value) as exact_value,
        coalesce(decided_decimals, decimals) as decimals,
        coalesce(decided_decimals + log10(multiplier)::integer, printed_decimals) as printed_decimals
    ),
    coalesce(decided_value, exact_value)::double as obs_value,
    case when decided_value is not null then exact_value::double end as original_value,
    dense_rank() over (
        partition by series_no, ref_area, time_period, vintage order by file_id
    )::integer as revision_no,
    -- 1 is the edition in force for its period; the neighbours of a value are those of its own edition.
    row_number() over (
        partition by series_no, ref_area, time_period order by vintage desc, cell_id desc
    )::integer as edition_no
from kept
