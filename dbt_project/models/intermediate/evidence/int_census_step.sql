-- Grain: observation row of population or urbanization of a census year, of which the year before and two more steps of
-- the same area, ground and edition are known. How much more it moved than the line usually does: in percent of persons,
-- in points of a rate.
with step as (
    select
        place.cell_id,
        place.series_no,
        place.ref_area,
        place.ground_no,
        place.edition_no,
        place.ref_year,
        place.is_logarithm,
        place.change
    from {{ ref('int_observation_step') }} as place
    inner join {{ ref('int_series') }} as series on place.series_no = series.series_no
    where series.indicator in ('resident_population', 'resident_urbanization_rate') and place.gap = 1
),

usual as (
    select
        series_no,
        ref_area,
        ground_no,
        edition_no,
        median(change) as change
    from step
    where ref_year not in (2000, 2010, 2020)
    group by all
    having count(change) >= 2
)

select
    step.cell_id,
    if(step.is_logarithm, 100 * (pow(10, step.change - usual.change) - 1), step.change - usual.change) as census_step
from step
inner join usual
    on
        step.series_no = usual.series_no and step.ref_area = usual.ref_area
        and step.ground_no = usual.ground_no and step.edition_no = usual.edition_no
where step.ref_year in (2000, 2010, 2020)
