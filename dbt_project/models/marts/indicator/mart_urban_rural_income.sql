with income as (
    select * from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period'
        and (
            (indicator = 'disposable_income_per_capita' and area_type in ('urban', 'rural'))
            or (indicator = 'net_income_per_capita' and area_type = 'rural')
        )
),

-- Urban and rural are compared on one basis. Before the integrated survey rural income was published as net income.
paired as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        basis,
        max(obs_value_decimal) filter (where area_type = 'urban') as urban,
        max(obs_value_decimal) filter (
            where area_type = 'rural' and indicator = 'disposable_income_per_capita'
        ) as rural_disposable,
        max(obs_value_decimal) filter (where indicator = 'net_income_per_capita') as rural_net,
        bool_and(coalesce(comparable_with_previous, true)) as inputs_comparable,
        max(vintage) as vintage,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status
    from income
    group by ref_area, ref_year, basis
),

chosen as (
    select
        *,
        coalesce(rural_disposable, rural_net) as rural,
        case
            when rural_disposable is not null then 'disposable_income_per_capita'
            when rural_net is not null then 'net_income_per_capita'
        end as rural_income_indicator
    from paired
    qualify row_number() over (
            partition by ref_area, ref_year
            order by
                (urban is not null and coalesce(rural_disposable, rural_net) is not null) desc,
                vintage desc, basis asc
        ) = 1
),

measured as (
    select
        *,
        case when rural > 0 then urban::double / rural::double end as ratio,
        {{ ratio_half_up('urban', 'rural', 2) }} as ratio_published,
        case when lag(ref_year) over area = ref_year - 1 then inputs_comparable and lag(basis) over area = basis end
            as comparable,
        lag(urban) over area as urban_before,
        lag(rural) over area as rural_before,
        lag(rural_income_indicator) over area = rural_income_indicator as same_rural_income,
        lag(quality_status) over area as quality_before
    from chosen
    window area as (partition by ref_area order by ref_year)
),

grown as (
    select
        *,
        case when comparable and urban_before > 0 then 100 * (urban::double / urban_before::double - 1) end as growth_urban,
        case
            when comparable and same_rural_income and rural_before > 0 then 100 * (rural::double / rural_before::double - 1)
        end as growth_rural,
        case when comparable and same_rural_income then lag(ratio_published) over (partition by ref_area order by ref_year) end
            as ratio_published_before,
        case when comparable and same_rural_income then lag(ratio) over (partition by ref_area order by ref_year) end
            as ratio_before
    from measured
)

select
    ref_area,
    ref_area_name,
    ref_year,
    urban::double as income_urban_cny,
    rural::double as income_rural_cny,
    rural_income_indicator,
    ratio as urban_rural_income_ratio,
    ratio_published as urban_rural_income_ratio_published,
    (urban - rural)::double as income_gap_cny,
    growth_urban as growth_urban_nominal_pct,
    growth_rural as growth_rural_nominal_pct,
    growth_rural - growth_urban as growth_differential_pp,
    -- The change that is published is the difference of the published ratios.
    (ratio_published::decimal(18, 2) - ratio_published_before::decimal(18, 2))::double as ratio_change_published,
    ratio - ratio_before as unrounded_change_of_ratio,
    basis,
    comparable and coalesce(same_rural_income, true) as comparable_with_previous,
    obs_status,
    conf_status,
    -- The year before goes into the growth, so its state counts as well.
    case when comparable then {{ worse_quality_status('quality_status', 'quality_before') }} else quality_status end
        as quality_status,
    vintage
from grown
