select
    candidate.release_id,
    candidate.created_at,
    'published' as state,
    candidate.previous_release_id,
    candidate.code_version,
    candidate.input_digest,
    (select count(*) from {{ ref('fct_observation') }}) as observations,
    (
        select count(*) from {{ ref('mart_quality_flag') }}
        where disposition in ('open', 'pending', 'queried')
    ) as flags_open,
    (
        select count(distinct verdict.cell_id)
        from {{ ref('stg_verdict') }} as verdict
        inner join {{ ref('int_observation') }} as observation on verdict.cell_id = observation.cell_id
        where
            verdict.outcome = 'fail' and verdict.severity = 'error' and observation.edition_no = 1
            and observation.review_outcome is distinct from 'accept'
    ) as quarantined,
    (
        select count(*) from {{ ref('mart_reject') }}
        where disposition = 'open'
    ) as rejected,
    (
        select count(*) from {{ ref('mart_coverage') }}
        where state = 'missing'
    ) as missing
from {{ ref('stg_candidate') }} as candidate
