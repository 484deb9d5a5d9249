with income as (
    select * from {{ ref('mart_urban_rural_income') }}
    where income_urban_cny > 0 and income_rural_cny > 0
),

-- The share of urban residents, from head-counts of one basis where they are known, else the published rate.
counted as (
    select
        ref_area,
        ref_year,
        any_value(obs_value) filter (where area_type = 'urban')
        / (any_value(obs_value) filter (where area_type = 'urban') + any_value(obs_value) filter (where area_type = 'rural'))
            as urban_share,
        any_value(basis) as basis,
        {{ gathered() }}
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and indicator = 'resident_population' and area_type in ('urban', 'rural')
    group by ref_area, ref_year
    having count(*) = 2 and count(distinct basis) = 1 and sum(obs_value) > 0
),

population as (
    select * from counted
    union all by name
    select
        rate.ref_area,
        rate.ref_year,
        rate.obs_value / 100 as urban_share,
        rate.basis,
        coalesce(rate.comparable_with_previous, true) as inputs_comparable,
        rate.obs_status,
        rate.conf_status,
        rate.quality_status,
        rate.vintage
    from {{ ref('fct_observation') }} as rate
    anti join counted on rate.ref_area = counted.ref_area and rate.ref_year = counted.ref_year
    where
        rate.freq = 'A' and rate.accumulation = 'period' and rate.indicator = 'resident_urbanization_rate'
        and rate.area_type = 'total' and rate.obs_value between 0 and 100
),

overall as (
    select * from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total' and indicator = 'disposable_income_per_capita'
),

shared as (
    select
        income.ref_area,
        income.ref_area_name,
        income.ref_year,
        income.income_urban_cny as urban,
        income.income_rural_cny as rural,
        population.urban_share,
        population.urban_share * income.income_urban_cny + (1 - population.urban_share) * income.income_rural_cny as mean_income,
        case
            when
                income.rural_income_indicator = 'disposable_income_per_capita'
                and income.income_urban_cny <> income.income_rural_cny
                then 100 * (overall.obs_value - income.income_rural_cny) / (income.income_urban_cny - income.income_rural_cny)
        end as implied_urban_weight,
        concat_ws(' / ', income.basis, population.basis) as basis,
        income.comparable_with_previous and coalesce(population.inputs_comparable, true) as comparable_with_previous,
        {{ carried_along(['income', 'population', 'overall']) }}
    from income
    left join population on income.ref_area = population.ref_area and income.ref_year = population.ref_year
    left join overall
        on income.ref_area = overall.ref_area and income.ref_year = overall.ref_year and income.basis = overall.basis
    where population.urban_share is not null or overall.obs_value is not null
),

weighed as (
    select
        *,
        urban_share * urban / mean_income as urban_income_share
    from shared
)

select
    ref_area,
    ref_area_name,
    ref_year,
    100 * urban_share as urban_share_pct,
    mean_income as mean_income_cny,
    {{ theil_t('urban_income_share', 'urban_share') }} as theil_t,
    {{ theil_l('urban_income_share', 'urban_share') }} as theil_l,
    abs(urban_income_share - urban_share) as gini_between,
    implied_urban_weight as implied_urban_weight_pct,
    basis,
    comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from weighed
