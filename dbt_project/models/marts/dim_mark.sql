select
    source,
    mark,
    obs_status,
    meaning
from {{ ref('stg_mark') }}
