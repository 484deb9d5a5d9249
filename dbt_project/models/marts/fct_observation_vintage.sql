-- Known to the public from its vintage on, until a row that ranks before it is known as well. Within a source the ids of
-- cells are in the order of receipt.
with ranked as (
    select
        *,
        min(vintage) over (
            partition by ref_area, freq, time_period, accumulation, indicator, area_type
            order by
                authority_rank asc, vintage desc, priority asc, source asc, cell_id desc
            rows between unbounded preceding and 1 preceding
        ) as better_known_from,
        lead(received_at) over (
            partition by
                ref_area, freq, time_period, accumulation, indicator, area_type, source, definition, vintage
            order by revision_no
        ) as revised_at
    from {{ ref('int_observation_accepted') }}
)

select
    ref_area,
    ref_area_name,
    freq,
    time_period,
    accumulation,
    ref_year,
    indicator,
    area_type,
    obs_value,
    exact_value::decimal(38, 15) as obs_value_decimal,
    original_value,
    decimals,
    0.5 * multiplier / pow(10, printed_decimals) as half_unit,
    unit_measure,
    definition,
    basis,
    break_year,
    source,
    vintage,
    vintage_inferred,
    revision_no,
    vintage as published_on,
    vintage as known_from,
    case when better_known_from is not null then greatest(vintage, better_known_from) end as known_to,
    received_at as recorded_from,
    revised_at as recorded_to,
    obs_status,
    conf_status,
    quality_status
from ranked
