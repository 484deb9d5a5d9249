-- A decision applies to a value, whatever vintage repeats it; so does the flag, which shows the latest of them. What is
-- no number has no value: its text stands for it.
with failed as (
    select * from {{ ref('stg_verdict') }}
    where outcome = 'fail'
),

identified as (
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
        evidence.unit_measure,
        failed.expected_low,
        failed.expected_high,
        failed.suggested_value,
        failed.diagnosis,
        failed.confidence,
        failed.message_en,
        failed.message_zh,
        -- Another value of the source stands in its place by now: nothing is left to decide.
        if(evidence.is_in_force, 'open', 'superseded') as disposition,
        cast(null as varchar) as decided_by,
        cast(null as timestamp) as decided_at,
        evidence.file_name,
        evidence.sheet_name as sheet,
        evidence.cell,
        evidence.raw_text
    from failed
    inner join {{ ref('int_judged_value') }} as evidence on failed.cell_id = evidence.cell_id
)

select *
from identified
qualify row_number() over (partition by flag_id order by disposition asc, vintage desc, file_name asc, cell asc) = 1
