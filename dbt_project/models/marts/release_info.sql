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
        where disposition = 'open'
    ) as flags_open,
    (
        select count(distinct cell_id) from {{ ref('stg_verdict') }}
        where outcome = 'fail' and severity = 'error'
    ) as quarantined,
    (select count(*) from {{ ref('mart_reject') }}) as rejected
from {{ ref('stg_candidate') }} as candidate
