-- Grain: source, basis, vintage, area, year and area type. The parts of disposable income against the whole, and the
-- median against the mean, each as it was last sent under the vintage.
with latest as (
    select
        series.source,
        series.basis,
        series.area_type,
        series.indicator,
        observation.vintage,
        observation.ref_area,
        observation.ref_year,
        observation.obs_value,
        observation.exact_value
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    where
        series.freq = 'A'
        and (
            {{ is_income_part('series.indicator') }}
            or series.indicator in ('disposable_income_per_capita', 'median_disposable_income_per_capita')
        )
    qualify row_number() over (
            partition by observation.series_no, observation.vintage, observation.ref_area, observation.ref_year
            order by observation.cell_id desc
        ) = 1
)

select
    source,
    basis,
    vintage,
    ref_area,
    ref_year,
    area_type,
    max(obs_value) filter (where indicator = 'disposable_income_per_capita') as income,
    max(obs_value) filter (where indicator = 'median_disposable_income_per_capita') as median_income,
    count(*) filter (where {{ is_income_part('indicator') }}) as parts,
    sum(exact_value) filter (where {{ is_income_part('indicator') }})::double as parts_sum
from latest
group by all
