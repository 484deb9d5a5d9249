select
    source,
    ref_year
from {{ source('process', 'pending') }}
