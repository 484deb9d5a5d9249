with income as (
    select
        *,
        {{ is_income_part('indicator') }} as is_part
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period'
        and (indicator = 'disposable_income_per_capita' or {{ is_income_part('indicator') }})
),

whole as (
    select
        *,
        lag(obs_value) over area as value_before,
        lag(ref_year) over area = ref_year - 1 and comparable_with_previous as is_comparable
    from income
    where not is_part
    window area as (partition by ref_area, area_type order by ref_year)
),

part as (
    select
        *,
        split_part(indicator, '_', 1) as component,
        lag(obs_value) over area as value_before,
        lag(ref_year) over area = ref_year - 1 and comparable_with_previous as is_comparable
    from income
    where is_part
    window area as (partition by ref_area, area_type, indicator order by ref_year)
),

-- Parts and whole of one basis.
joined as (
    select
        part.ref_area,
        part.ref_area_name,
        part.ref_year,
        part.area_type,
        part.component,
        part.obs_value as income,
        whole.obs_value as whole_income,
        part.basis,
        case when part.comparable_with_previous is not null then part.is_comparable and whole.is_comparable end as is_comparable,
        part.obs_value - part.value_before as income_change,
        whole.obs_value - whole.value_before as whole_change,
        whole.value_before as whole_before,
        if(
            count(*) over parts = 4, (whole.obs_value_decimal - sum(part.obs_value_decimal) over parts)::double, null
        ) as residual,
        {{ carried_along(['part', 'whole']) }}
    from part
    inner join whole
        on
            part.ref_area = whole.ref_area and part.ref_year = whole.ref_year
            and part.area_type = whole.area_type and part.basis = whole.basis
    window parts as (partition by part.ref_area, part.ref_year, part.area_type)
)

select
    ref_area,
    ref_area_name,
    ref_year,
    area_type,
    component,
    income as income_cny,
    case when whole_income > 0 then 100 * income / whole_income end as share_pct,
    case when is_comparable and whole_change <> 0 then 100 * income_change / whole_change end as contribution_pct,
    case when is_comparable and whole_before > 0 then 100 * income_change / whole_before end as pull_pp,
    residual as residual_cny,
    basis,
    is_comparable as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from joined
