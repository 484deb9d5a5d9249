-- Grain: accounting identity of one area, period and edition, with the row that its verdict is about. Where it does not
-- close one member is to blame: the one that is strangest in itself, else the only one that a slip of a digit would put
-- right to the last place. Where none can be told the whole stands for all.
with member as (
    select
        member.*,
        coalesce(abs(member.residual) > 1.01 * member.tolerance, false) as is_open,
        coalesce(suspect.is_outlier or suspect.is_zero, false) as is_outlier,
        coalesce(explanation.closes_identity, false) as closes_identity,
        coalesce(abs(trend.distance) / trend.usual_distance, 1e9) as strangeness
    from {{ ref('int_identity_member') }} as member
    left join {{ ref('int_slip_explanation') }} as explanation on member.cell_id = explanation.cell_id
    left join {{ ref('int_slip_suspect') }} as suspect on member.cell_id = suspect.cell_id
    left join {{ ref('int_observation_trend') }} as trend on member.cell_id = trend.cell_id
),

blamed as (
    select
        whole_cell_id,
        identity,
        any_value(residual) as residual,
        any_value(tolerance) as tolerance,
        case
            when not any_value(is_open) then null
            when count_if(is_outlier) > 0 then arg_max(cell_id, strangeness) filter (where is_outlier)
            when count_if(closes_identity) = 1 then max(cell_id) filter (where closes_identity)
        end as blamed_cell_id
    from member
    group by all
)

select
    coalesce(blamed_cell_id, whole_cell_id) as cell_id,
    identity,
    residual,
    tolerance,
    blamed_cell_id is not null as is_blamed
from blamed
-- A member that two identities blame is judged by the one that is farther from closing.
qualify row_number() over (
        partition by coalesce(blamed_cell_id, whole_cell_id) order by abs(residual) desc nulls last, identity
    ) = 1
