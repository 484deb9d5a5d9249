-- The code list begins in 1981; its first entries stand for the years before. Taiwan, Hong Kong and Macao are provinces of
-- the code list whose figures the mainland's sources give apart.
select
    parent,
    ref_area,
    level,
    name_zh,
    if(valid_from <= 1981, 0, valid_from) as since_year,
    coalesce(valid_to, 9999) as until_year
from {{ ref('dim_ref_area') }}
where parent is not null and level <> 'special' and ref_area not in ('710000', '810000', '820000')
