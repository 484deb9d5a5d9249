with sector as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        any_value(obs_value) filter (where indicator = 'primary_industry_value_added') as primary_product,
        any_value(obs_value) filter (where indicator = 'secondary_industry_value_added')
        + any_value(obs_value) filter (where indicator = 'tertiary_industry_value_added') as other_product,
        any_value(obs_value) filter (where indicator = 'primary_industry_employment') as primary_employment,
        any_value(obs_value) filter (where indicator = 'secondary_industry_employment')
        + any_value(obs_value) filter (where indicator = 'tertiary_industry_employment') as other_employment,
        string_agg(distinct basis, ' / ' order by basis) as basis,
        {{ gathered() }}
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total'
        and indicator in (
            'primary_industry_value_added', 'secondary_industry_value_added', 'tertiary_industry_value_added',
            'primary_industry_employment', 'secondary_industry_employment', 'tertiary_industry_employment'
        )
    group by ref_area, ref_year
)

select
    ref_area,
    ref_area_name,
    ref_year,
    case
        when primary_employment > 0 and other_employment > 0 and other_product > 0
            then (primary_product / primary_employment) / (other_product / other_employment)
    end as dual_contrast_ratio,
    case
        when primary_product + other_product > 0 and primary_employment + other_employment > 0
            then
                abs(
                    primary_product / (primary_product + other_product)
                    - primary_employment / (primary_employment + other_employment)
                )
    end as dual_contrast_index,
    basis,
    case when lag(ref_year) over area = ref_year - 1 then inputs_comparable and lag(basis) over area = basis end
        as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from sector
where primary_product + other_product + primary_employment + other_employment is not null
window area as (partition by ref_area order by ref_year)
