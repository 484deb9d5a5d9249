select
    source,
    mark,
    obs_status,
    meaning
from {{ source('raw', 'mark') }}
