-- Areas that a bureau declares beyond the code list; several sources may declare one in the same words.
select distinct
    ref_area,
    name_zh,
    name_en,
    level,
    parent,
    valid_from,
    valid_to
from {{ source('raw', 'area') }}
