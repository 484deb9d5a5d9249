with reviewed as (
    select
        reviewed_cell.cell_id,
        unnest(reviewed_cell.decisions) as decision_id
    from {{ ref('int_reviewed_cell') }} as reviewed_cell
),

-- What the source says now, in each series that the key of a decision may be of.
in_force as (
    select
        observation.cell_id,
        observation.ref_area,
        observation.time_period,
        observation.obs_value,
        series.freq,
        series.accumulation,
        series.indicator,
        series.area_type,
        series.source,
        series.definition
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    where observation.edition_no = 1
),

held as (
    select
        reviewed.decision_id,
        bool_or(in_force.cell_id is not null) as is_in_force
    from reviewed
    left join in_force on reviewed.cell_id = in_force.cell_id
    group by all
),

standing_value as (
    select
        review.decision_id,
        -- What is quarantined is shown nowhere but among the flags.
        arg_max(if(accepted.cell_id is null, null, in_force.obs_value), in_force.cell_id) as value_in_force,
        bool_or({{ twelve_digits('in_force.obs_value') }} = {{ twelve_digits('review.decided_value') }}) as is_decided_value
    from {{ ref('stg_review') }} as review
    inner join in_force on {{ same_key('review', 'in_force') }}
    left join {{ ref('int_observation_accepted') }} as accepted on in_force.cell_id = accepted.cell_id
    group by all
)

select
    review.decision_id,
    review.flag_id,
    review.rule,
    review.action,
    case
        when review.state in ('withdrawn', 'superseded') then review.state
        when held.decision_id is null then 'unmatched'
        when held.is_in_force or review.action = 'reject' then if(review.state = 'decided', 'applied', review.state)
        -- Another value has come in its place: the decided one, or one that nobody has decided upon.
        when review.state <> 'decided' or standing_value.is_decided_value then 'superseded'
        else 'unmatched'
    end as state,
    review.ref_area,
    area.name_zh as ref_area_name,
    review.freq,
    review.time_period,
    review.accumulation,
    review.ref_year,
    review.indicator,
    review.area_type,
    review.source,
    review.definition,
    review.vintage,
    review.obs_value::double as original_value,
    review.decided_value,
    standing_value.value_in_force,
    review.unit_measure,
    review.file_name,
    review.sheet,
    review.cell,
    review.raw_text,
    review.reason,
    review.evidence_name,
    review.evidence_sha256,
    review.account as decided_by,
    review.login,
    review.decided_at,
    review.confirmed_by,
    review.confirmed_at,
    review.ended_by,
    review.ended_at,
    review.ended_reason,
    review.release_id as looked_at_in,
    review.line_no
from {{ ref('stg_review') }} as review
left join {{ ref('int_ref_area_by_year') }} as area
    on review.ref_area = area.ref_area and review.ref_year = area.ref_year
left join held on review.decision_id = held.decision_id
left join standing_value on review.decision_id = standing_value.decision_id
