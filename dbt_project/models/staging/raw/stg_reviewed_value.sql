select
    ref_area,
    freq,
    time_period,
    accumulation,
    indicator,
    area_type,
    source,
    definition,
    obs_value,
    outcome,
    decided_value::decimal(38, 15) as decided_value,
    decided_decimals,
    decisions
from {{ source('raw', 'reviewed_value') }}
