-- Grain: source and unit as printed or declared, where it is known. A source's own units go before the register's, which
-- alone are known in capitals and small letters alike.
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

compared as (
    select
        *,
        {{ plain_unit('unit_text') }} as plain_unit
    from stated
),

unit as (
    select * from {{ ref('stg_unit') }}
)

select
    compared.source,
    compared.unit_text,
    unit.unit_measure,
    unit.multiplier
from compared
inner join unit
    on
        upper(compared.plain_unit) = upper(unit.plain_unit)
        and (unit.source is null or (compared.source = unit.source and compared.plain_unit = unit.plain_unit))
qualify row_number() over (partition by compared.source, compared.unit_text order by unit.source nulls last) = 1
