-- Grain: source, basis, vintage, area, year and area type. The mean income that a median is held against, as it was last sent
-- under the vintage.
select
    series.source,
    series.basis,
    series.area_type,
    observation.vintage,
    observation.ref_area,
    observation.ref_year,
    arg_max(observation.obs_value, observation.cell_id) as income
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
where series.freq = 'A' and series.indicator = 'disposable_income_per_capita'
group by all
