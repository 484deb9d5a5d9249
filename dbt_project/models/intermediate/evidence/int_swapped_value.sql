-- Grain: suspect whose value and that of another suspect of the same file each are what is told of the other: two areas of
-- one year, two years of one area, or two figures of one area and year (urban and rural among them).
with suspect as (
    select
        *,
        greatest(3 * usual_distance, if(quantity not in ('rate', 'ratio'), log10(1.1), 1.0)) as near
    from {{ ref('int_slip_suspect') }}
    where is_outlier
),

paired as (
    {{ swapped_pairs("'swapped_areas'", 'series_no', 'ref_year') }}
    union all
    {{ swapped_pairs("'swapped_years'", 'series_no', 'ref_area') }}
    union all
    {{ swapped_pairs(
        "if(one.indicator = other.indicator, 'swapped_urban_rural', 'swapped_indicators')", 'ref_area', 'ref_year'
    ) }}
)

select
    cell_id,
    slip,
    value
from paired
qualify row_number() over (partition by cell_id order by misfit asc, other_cell_id asc) = 1
