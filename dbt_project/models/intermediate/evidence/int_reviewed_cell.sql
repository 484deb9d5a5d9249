-- Grain: cell whose value a decision stands on. A decision is about one value of one key, whatever file or vintage repeats
-- it, and about no other.
select
    cell.cell_id,
    reviewed.outcome,
    reviewed.decided_value,
    reviewed.decided_decimals,
    reviewed.decisions
from {{ ref('int_cell') }} as cell
inner join {{ ref('stg_source') }} as source on cell.source = source.source
inner join {{ ref('stg_reviewed_value') }} as reviewed
    on
        {{ same_key('cell', 'reviewed') }}
        and {{ twelve_digits('cell.exact_value') }} = reviewed.obs_value
