-- A decision applies to a value, whatever vintage repeats it; so does the flag, which shows the latest of them. What is
-- no number has no value: its text stands for it.
with failed as (
    select * from {{ ref('stg_verdict') }}
    where outcome = 'fail'
),

decision as (
    select * from {{ ref('stg_review') }}
    where state in ('decided', 'pending', 'queried')
),

raised as (
    select
        left(sha256(concat_ws(
            '|', evidence.ref_area, evidence.freq, evidence.time_period, evidence.accumulation, evidence.indicator,
            evidence.area_type, evidence.source, evidence.definition, coalesce(evidence.obs_value::varchar, evidence.raw_text),
            failed.rule
        )), 16) as flag_id,
        failed.rule,
        failed.severity,
        evidence.ref_area,
        evidence.ref_area_name,
        evidence.ref_year,
        evidence.freq,
        evidence.time_period,
        evidence.accumulation,
        evidence.indicator,
        evidence.area_type,
        evidence.source,
        evidence.definition,
        evidence.vintage,
        evidence.obs_value,
        evidence.original_value,
        evidence.unit_measure,
        failed.expected_low,
        failed.expected_high,
        failed.suggested_value,
        failed.diagnosis,
        failed.confidence,
        failed.message_en,
        failed.message_zh,
        -- Another value of the source stands in its place by now: nothing is left to decide.
        case
            when decision.state = 'decided' and decision.action = 'accept' then 'accepted'
            when not evidence.is_in_force then 'superseded'
            when decision.state in ('pending', 'queried') then decision.state
            else 'open'
        end as disposition,
        decision.account as decided_by,
        decision.decided_at,
        evidence.file_name,
        evidence.sheet_name as sheet,
        evidence.cell,
        evidence.raw_text,
        evidence.unit_text,
        evidence.multiplier as unit_multiplier
    from failed
    inner join {{ ref('int_judged_value') }} as evidence on failed.cell_id = evidence.cell_id
    left join decision
        on
            {{ same_key('evidence', 'decision') }}
            and {{ twelve_digits('evidence.obs_value') }} = decision.obs_value
),

-- No rule looks at a value that is corrected or rejected; its flags stand as they were seen when that was decided.
decided as (
    select
        flag.flag_id,
        flag.rule,
        flag.severity,
        decision.ref_area,
        area.name_zh as ref_area_name,
        decision.ref_year,
        decision.freq,
        decision.time_period,
        decision.accumulation,
        decision.indicator,
        decision.area_type,
        decision.source,
        decision.definition,
        decision.vintage,
        decision.obs_value::double as obs_value,
        cast(null as double) as original_value,
        decision.unit_measure,
        flag.expected_low,
        flag.expected_high,
        flag.suggested_value,
        flag.diagnosis,
        flag.confidence,
        flag.message_en,
        flag.message_zh,
        if(decision.action = 'correct', 'corrected', 'rejected') as disposition,
        decision.account as decided_by,
        decision.decided_at,
        decision.file_name,
        decision.sheet,
        decision.cell,
        decision.raw_text,
        decision.unit_text
    from decision
    inner join {{ ref('stg_review_flag') }} as flag on decision.decision_id = flag.decision_id
    left join {{ ref('int_ref_area_by_year') }} as area
        on decision.ref_area = area.ref_area and decision.ref_year = area.ref_year
    where
        decision.state = 'decided' and decision.action in ('correct', 'reject')
        and decision.decision_id in (select unnest(decisions) from {{ ref('int_reviewed_cell') }})
),

flag as (
    select * from raised
    union all by name
    select * from decided
)

select *
from flag
qualify row_number() over (partition by flag_id order by disposition asc, vintage desc, file_name asc, cell asc) = 1
