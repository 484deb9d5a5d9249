-- Grain: source and unit as printed or declared, where it is known. A source's own units go before the register's.
with stated as (
    select distinct
        source,
        unit_text
    from {{ ref('stg_cell') }}
    union
    select distinct
        source,
        unit_text
    from {{ ref('stg_series') }}
),

unit as (
    select * from {{ ref('stg_unit') }}
)

select
    stated.source,
    stated.unit_text,
    unit.unit_measure,
    unit.multiplier
from stated
inner join unit
    on {{ plain_unit('stated.unit_text') }} = unit.plain_unit and coalesce(unit.source, stated.source) = stated.source
qualify row_number() over (partition by stated.source, stated.unit_text order by unit.source nulls last) = 1
