select
    ref_area,
    valid_from,
    valid_to,
    name_zh,
    name_en,
    level,
    parent,
    successor
from {{ ref('int_ref_area') }}
