with observation as (
    select * from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total'
        and indicator in ('gdp', 'resident_population', 'compensation_of_employees')
),

-- The product of a year is held against the mean of the residents at its beginning and at its end.
residents as (
    select
        year_end.ref_area,
        year_end.ref_area_name,
        year_end.ref_year,
        year_end.indicator,
        (year_end.obs_value + year_beginning.obs_value) / 2 as obs_value,
        year_end.basis,
        year_end.comparable_with_previous,
        {{ carried_along(['year_end', 'year_beginning']) }}
    from observation as year_end
    inner join observation as year_beginning
        on
            year_end.ref_area = year_beginning.ref_area and year_end.indicator = year_beginning.indicator
            and year_end.ref_year = year_beginning.ref_year + 1
    where year_end.indicator = 'resident_population' and year_end.comparable_with_previous
),

stacked as (
    select * from residents
    union all by name
    select
        ref_area,
        ref_area_name,
        ref_year,
        indicator,
        obs_value,
        basis,
        comparable_with_previous,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from observation
    where indicator <> 'resident_population'
),

gathered as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        any_value(obs_value) filter (where indicator = 'gdp') as gdp,
        any_value(obs_value) filter (where indicator = 'resident_population') as residents,
        any_value(obs_value) filter (where indicator = 'compensation_of_employees') as compensation,
        any_value(basis) filter (where indicator = 'gdp') as basis,
        {{ gathered() }}
    from stacked
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
