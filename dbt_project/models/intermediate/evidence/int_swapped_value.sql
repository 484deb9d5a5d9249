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
    select
        one.cell_id,
        case
            when one.series_no = other.series_no and one.ref_year = other.ref_year then 'swapped_areas'
            when one.series_no = other.series_no then 'swapped_years'
            when one.indicator = other.indicator then 'swapped_urban_rural'
            else 'swapped_indicators'
        end as slip,
        other.obs_value as value,
        abs(other.position - one.expected_position) / one.usual_distance as misfit
    from suspect as one
    inner join suspect as other
        on
            one.file_id = other.file_id and one.unit_measure = other.unit_measure and one.cell_id <> other.cell_id
            and (one.series_no = other.series_no)::integer + (one.ref_area = other.ref_area)::integer
            + (one.ref_year = other.ref_year)::integer = 2
            and abs(other.position - one.expected_position) <= one.near
            and abs(one.position - other.expected_position) <= other.near
)

select
    cell_id,
    arg_min(slip, misfit) as slip,
    arg_min(value, misfit) as value
from paired
group by all
