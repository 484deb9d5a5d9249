with observation as (
    select
        *,
        lag(obs_value) over series as value_before,
        coalesce(lag(ref_year) over series = ref_year - 1 and comparable_with_previous, false) as has_before
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total'
        and indicator in ('gdp', 'resident_population', 'compensation_of_employees')
    window series as (partition by ref_area, indicator order by ref_year)
),

gathered as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        any_value(obs_value) filter (where indicator = 'gdp') as gdp,
        -- The product of a year is held against the mean of the residents at its beginning and at its end.
        any_value((obs_value + value_before) / 2) filter (where indicator = 'resident_population' and has_before) as residents,
        any_value(obs_value) filter (where indicator = 'compensation_of_employees') as compensation,
        any_value(basis) filter (where indicator = 'gdp') as basis,
        {{ gathered() }}
    from observation
    group by ref_area, ref_year
)

select
    ref_area,
    ref_area_name,
    ref_year,
    case when residents > 0 then gdp / residents end as gdp_per_capita_recomputed_cny,
    case when gdp > 0 then 100 * compensation / gdp end as labour_share_pct,
    basis,
    case when lag(ref_year) over area = ref_year - 1 then inputs_comparable and lag(basis) over area = basis end
        as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from gathered
where gdp is not null and coalesce(residents, compensation) is not null
window area as (partition by ref_area order by ref_year)
