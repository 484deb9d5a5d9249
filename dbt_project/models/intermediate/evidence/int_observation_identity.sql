-- Grain: source, vintage, area, year and (for parts of income) urban, rural or total. What figures of one edition
-- must add up to, or be shares of, each other. Rural net income is the partner of urban income before 2014.
with observation as (
    select
        series.source,
        observation.vintage,
        observation.ref_area,
        observation.ref_year,
        series.basis,
        series.area_type,
        series.indicator,
        observation.obs_value,
        observation.decimals,
        trend.deviation
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    left join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    where series.freq = 'A'
)

select
    source,
    vintage,
    ref_area,
    ref_year,
    max(obs_value) filter (where indicator = 'disposable_income_per_capita' and area_type = 'urban') as income_urban,
    max(obs_value) filter (
        where indicator in ('disposable_income_per_capita', 'net_income_per_capita') and area_type = 'rural'
    ) as income_rural,
    max(obs_value) filter (where indicator = 'disposable_income_per_capita' and area_type = 'total') as income_total,
    abs(max(deviation) filter (where indicator = 'disposable_income_per_capita' and area_type = 'urban'))
        as income_urban_deviation,
    abs(max(deviation) filter (
        where indicator in ('disposable_income_per_capita', 'net_income_per_capita') and area_type = 'rural'
    )) as income_rural_deviation,
    max(obs_value) filter (where indicator = 'resident_population' and area_type = 'total') as population_total,
    max(obs_value) filter (where indicator = 'resident_population' and area_type = 'urban') as population_urban,
    max(obs_value) filter (where indicator = 'resident_population' and area_type = 'rural') as population_rural,
    max(obs_value) filter (where indicator = 'resident_urbanization_rate') as resident_rate,
    max(decimals) filter (where indicator = 'resident_urbanization_rate') as resident_rate_decimals,
    max(obs_value) filter (where indicator = 'registered_urbanization_rate') as registered_rate
from observation
group by all
