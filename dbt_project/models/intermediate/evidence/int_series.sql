-- What is one series in one source gets a number, so that the heavy steps compare whole numbers and not texts.
with series as (
    select
        source,
        freq,
        accumulation,
        indicator,
        area_type,
        definition,
        basis,
        mode(decimals) as usual_decimals
    from {{ ref('int_cell') }}
    where reject_reason is null and not is_missing
    group by all
)

select
    row_number() over (
        order by source, freq, accumulation, indicator, area_type, definition, basis
    )::integer as series_no,
    *
from series
