-- Areas that a bureau declares beyond the code list.
select
    source,
    ref_area,
    name_zh,
    name_en,
    level,
    parent,
    valid_from,
    valid_to
from {{ source('raw', 'area') }}
