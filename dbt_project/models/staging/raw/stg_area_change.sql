-- Changes of areas that a bureau declares: what the code list does not say, or with what weight.
select
    source,
    from_area,
    to_area,
    year as change_year,
    kind,
    weight,
    citation
from {{ source('raw', 'area_change') }}
