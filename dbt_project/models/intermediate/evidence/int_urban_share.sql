-- Grain: source, area and year. The share of urban residents, by the latest rate of the source.
select
    series.source,
    observation.ref_area,
    observation.ref_year,
    arg_max(observation.obs_value, observation.vintage) / 100 as share
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
where series.indicator = 'resident_urbanization_rate' and series.freq = 'A' and observation.edition_no = 1
group by all
