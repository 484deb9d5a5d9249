-- Grain: observation row that a slip explains: one that is strange in itself, or to blame for an identity that does not
-- close.
select
    explanation.cell_id,
    explanation.slip,
    explanation.suggested_value,
    explanation.share
from {{ ref('int_slip_explanation') }} as explanation
left join {{ ref('int_identity_carrier') }} as carrier
    on explanation.cell_id = carrier.cell_id and carrier.is_blamed
where explanation.is_outlier or explanation.is_zero or carrier.cell_id is not null
