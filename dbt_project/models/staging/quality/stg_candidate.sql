select
    release_id,
    created_at,
    previous_release_id,
    code_version,
    input_digest
from {{ source('process', 'candidate') }}
