with income as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        area_type,
        basis,
        any_value(obs_value) filter (where indicator = 'disposable_income_per_capita') as mean_income,
        any_value(obs_value) filter (where indicator = 'median_disposable_income_per_capita') as median_income,
        any_value(obs_value) filter (where indicator = 'low_income_household_income_per_capita') as low_income,
        {{ gathered() }}
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period'
        and indicator in (
            'disposable_income_per_capita', 'median_disposable_income_per_capita', 'low_income_household_income_per_capita'
        )
    group by ref_area, ref_year, area_type, basis
    having count(distinct indicator) > 1 and mean_income is not null
),

-- A median of another basis than the mean's stands beside no mean.
chosen as (
    select * from income
    qualify row_number() over (partition by ref_area, ref_year, area_type order by vintage desc, basis asc) = 1
)

select
    ref_area,
    ref_area_name,
    ref_year,
    area_type,
    case when mean_income > 0 then 100 * median_income / mean_income end as median_to_mean_pct,
    case when low_income > 0 then mean_income / low_income end as low_income_multiple_ratio,
    basis,
    case when lag(ref_year) over area = ref_year - 1 then inputs_comparable and lag(basis) over area = basis end
        as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from chosen
window area as (partition by ref_area, area_type order by ref_year)
