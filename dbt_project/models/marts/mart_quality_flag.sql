-- A decision applies to a value, whatever vintage repeats it; so does the flag, which shows the latest of them.
with failed as (
    select * from {{ ref('stg_verdict') }}
    where outcome = 'fail'
),

identified as (
    select
        left(sha256(concat_ws(
            '|', evidence.ref_area, evidence.freq, evidence.time_period, evidence.accumulation, evidence.indicator,
            evidence.area_type, evidence.source, evidence.definition, evidence.obs_value, failed.rule
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
        if(observation.edition_no = 1, 'open', 'superseded') as disposition,
        cast(null as varchar) as decided_by,
        cast(null as timestamp) as decided_at,
        evidence.file_name,
        evidence.sheet_name as sheet,
        evidence.cell,
        evidence.raw_text,
        evidence.unit_text,
        evidence.multiplier as unit_multiplier
    from failed
    inner join {{ ref('int_observation_evidence') }} as evidence on failed.cell_id = evidence.cell_id
    inner join {{ ref('int_observation') }} as observation on failed.cell_id = observation.cell_id
)

select *
from identified
qualify row_number() over (partition by flag_id order by disposition asc, vintage desc, file_name asc, cell asc) = 1
