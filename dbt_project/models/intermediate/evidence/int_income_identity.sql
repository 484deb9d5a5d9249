-- Grain: source, vintage, area, year and area type. The parts of disposable income against the whole, and the
-- median against the mean.
select
    series.source,
    observation.vintage,
    observation.ref_area,
    observation.ref_year,
    series.basis,
    series.area_type,
    max(observation.obs_value) filter (where series.indicator = 'disposable_income_per_capita') as income,
    max(observation.obs_value) filter (where series.indicator = 'median_disposable_income_per_capita') as median_income,
    count(*) filter (where {{ is_income_part('series.indicator') }}) as parts,
    sum(observation.exact_value) filter (where {{ is_income_part('series.indicator') }})::double as parts_sum
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
where
    series.freq = 'A'
    and (
        {{ is_income_part('series.indicator') }}
        or series.indicator in ('disposable_income_per_capita', 'median_disposable_income_per_capita')
    )
group by all
