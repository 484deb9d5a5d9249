-- The register's units hold for every source (`source` is NULL), those that a source adds for itself.
select
    null::varchar as source,
    {{ plain_unit('unit_text') }} as plain_unit,
    unit_measure,
    multiplier::double as multiplier
from {{ ref('unit') }}
union
select
    source,
    {{ plain_unit('unit_text') }} as plain_unit,
    unit_measure,
    multiplier::double as multiplier
from {{ source('raw', 'unit') }}
