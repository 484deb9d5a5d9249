with income as (
    select
        *,
        {{ is_income_part('indicator') }} as is_part
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period'
        and (indicator = 'disposable_income_per_capita' or {{ is_income_part('indicator') }})
),

-- Parts and whole of one basis, and what they were the year before where they may be compared with it.
joined as (
    select
        part.ref_area,
        part.ref_area_name,
        part.ref_year,
        part.area_type,
        split_part(part.indicator, '_', 1) as component,
        part.obs_value as income,
        whole.obs_value as whole_income,
        part.basis,
        case
            when part.comparable_with_previous is not null
                then part_before.ref_year is not null and whole_before.ref_year is not null
        end as is_comparable,
        part.obs_value - part_before.obs_value as income_change,
        whole.obs_value - whole_before.obs_value as whole_change,
        whole_before.obs_value as whole_before,
        if(
            count(*) over parts = 4, (whole.obs_value_decimal - sum(part.obs_value_decimal) over parts)::double, null
        ) as residual,
        {{ carried_along(['part', 'whole', 'part_before', 'whole_before']) }}
    from income as part
    inner join income as whole
        on
            part.ref_area = whole.ref_area and part.ref_year = whole.ref_year
            and part.area_type = whole.area_type and part.basis = whole.basis
            and part.is_part and not whole.is_part
    left join income as part_before
        on
            part.ref_area = part_before.ref_area and part.ref_year = part_before.ref_year + 1
            and part.area_type = part_before.area_type and part.indicator = part_before.indicator
            and part.comparable_with_previous
    left join income as whole_before
        on
            whole.ref_area = whole_before.ref_area and whole.ref_year = whole_before.ref_year + 1
            and whole.area_type = whole_before.area_type and whole.indicator = whole_before.indicator
            and whole.comparable_with_previous
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
