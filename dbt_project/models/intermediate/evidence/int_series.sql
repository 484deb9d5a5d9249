-- What is one series in one source, from one declared break to the next, gets a number, so that the heavy steps
-- compare whole numbers and not texts.
-- Cells of a source that is declared no more stay in the build database and count nowhere.
with series as (
    select
        cell.source,
        cell.freq,
        cell.accumulation,
        cell.indicator,
        cell.area_type,
        cell.definition,
        cell.basis,
        cell.break_year,
        mode(cell.decimals) as usual_decimals,
        mode(cell.printed_decimals) as usual_printed_decimals
    from {{ ref('int_cell') }} as cell
    inner join {{ ref('stg_source') }} as source on cell.source = source.source
    where cell.reject_reason is null and not cell.is_missing
    group by all
)

select
    row_number() over (
        order by source, freq, accumulation, indicator, area_type, definition, basis, break_year
    )::integer as series_no,
    *
from series
