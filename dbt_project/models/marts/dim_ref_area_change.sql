select
    from_area as "from",
    to_area as "to",
    change_year as year,
    kind,
    weight,
    is_whole,
    from_name_zh,
    to_name_zh,
    citation,
    source
from {{ ref('int_ref_area_change') }}
