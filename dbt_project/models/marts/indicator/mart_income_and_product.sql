-- Incomes are held against the product per head as it is published, or as it follows from the product where it is not.
with observation as (
    select
        ref_area,
        ref_area_name,
        ref_year,
        indicator,
        obs_value,
        if(indicator in ('disposable_income_per_capita', 'real_disposable_income_growth'), 'income', 'product') as side,
        basis,
        comparable_with_previous,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total'
        and indicator in (
            'disposable_income_per_capita', 'real_disposable_income_growth',
            'gdp_per_capita', 'real_gdp_growth', 'real_gdp_per_capita_growth'
        )
    union all
    select
        ref_area,
        ref_area_name,
        ref_year,
        'gdp_per_capita_recomputed' as indicator,
        gdp_per_capita_recomputed_cny as obs_value,
        'product' as side,
        basis,
        comparable_with_previous,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from {{ ref('mart_product') }}
    where gdp_per_capita_recomputed_cny is not null
),

gathered as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        any_value(obs_value) filter (where indicator = 'disposable_income_per_capita') as income,
        coalesce(
            any_value(obs_value) filter (where indicator = 'gdp_per_capita'),
            any_value(obs_value) filter (where indicator = 'gdp_per_capita_recomputed')
        ) as product,
        any_value(obs_value) filter (where indicator = 'real_disposable_income_growth') as income_growth,
        any_value(obs_value) filter (where indicator = 'real_gdp_growth') as product_growth,
        any_value(obs_value) filter (where indicator = 'real_gdp_per_capita_growth') as product_per_capita_growth,
        concat_ws(' / ', min(basis) filter (where side = 'income'), min(basis) filter (where side = 'product')) as basis,
        {{ gathered() }}
    from observation
    group by ref_area, ref_year
    having count(distinct side) = 2
)

select
    ref_area,
    ref_area_name,
    ref_year,
    case when product > 0 then 100 * income / product end as income_to_gdp_per_capita_pct,
    income_growth - product_growth as income_gdp_growth_differential_pp,
    income_growth - product_per_capita_growth as income_gdp_per_capita_growth_differential_pp,
    basis,
    case when lag(ref_year) over area = ref_year - 1 then inputs_comparable and lag(basis) over area = basis end
        as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from gathered
window area as (partition by ref_area order by ref_year)
