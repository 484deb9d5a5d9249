with income as (
    select * from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total' and indicator = 'disposable_income_per_capita'
        and obs_value > 0
),

resident as (
    select * from {{ ref('fct_observation') }}
    where freq = 'A' and accumulation = 'period' and area_type = 'total' and indicator = 'resident_population'
),

-- The areas that an area was made of by the map of the year, with their incomes where known.
part as (
    select
        part.parent,
        part.ref_area,
        part.level,
        income.ref_year,
        income.basis,
        income.obs_value as income,
        resident.obs_value as residents,
        coalesce(income.comparable_with_previous, true) and coalesce(resident.comparable_with_previous, true) as is_comparable,
        {{ carried_along(['income', 'resident']) }}
    from income
    inner join {{ ref('dim_ref_area_part') }} as part
        on
            income.ref_area = part.ref_area
            and income.ref_year >= part.since_year and income.ref_year < part.until_year
    left join resident on income.ref_area = resident.ref_area and income.ref_year = resident.ref_year
),

ordered as (
    select
        *,
        ({{ steady_sum('residents', 3) }} over (
            partition by parent, ref_year, basis order by income asc, ref_area asc rows unbounded preceding
        ))::double as residents_up_to,
        ({{ steady_sum('residents', 3) }} over whole)::double as all_residents,
        ({{ steady_sum('residents * income', 12) }} over whole)::double / all_residents as mean_income
    from part
    window whole as (partition by parent, ref_year, basis)
),

-- The Gini coefficient of areas weighted by residents: twice the covariance of income and rank, over the mean.
weighed as (
    select
        *,
        residents / all_residents * (income / mean_income - 1) * (residents_up_to - residents / 2) / all_residents as gini_part
    from ordered
),

measured as (
    select
        parent as ref_area,
        ref_year,
        basis,
        if(min(level) = max(level), min(level), 'mixed') as part_level,
        list(ref_area order by ref_area) as members,
        bool_and(is_comparable) as inputs_comparable,
        count(*) as areas_present,
        count(residents) = count(*) as all_counted,
        min(income) as lowest,
        max(income) as highest,
        arg_min(ref_area, income) as lowest_area,
        arg_max(ref_area, income) as highest_area,
        100 * sqrt({{ steady_sum('residents * pow(income - mean_income, 2) / all_residents') }}) / any_value(mean_income) as cv,
        2 * {{ steady_sum('gini_part') }}::double as gini,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status,
        max(vintage) as vintage
    from weighed
    group by parent, ref_year, basis
    qualify row_number() over (partition by parent, ref_year order by areas_present desc, basis asc) = 1
),

{{ held_against_the_map('measured', ref('dim_ref_area_part'), ref('dim_ref_area')) }}

select
    ref_area,
    ref_area_name,
    ref_year,
    part_level,
    areas_present,
    areas_expected,
    if(is_complete, lowest_area, null) as lowest_area,
    if(is_complete, highest_area, null) as highest_area,
    if(is_complete, highest / lowest, null) as income_max_min_ratio,
    if(is_complete and part_level = 'county', highest / lowest, null) as county_income_max_min_ratio,
    if(is_complete and all_counted, cv, null) as income_variation_pct,
    if(is_complete and all_counted, gini, null) as gini_of_areas,
    basis,
    case
        when lag(ref_year) over parent_area = ref_year - 1
            then inputs_comparable and lag(basis) over parent_area = basis and lag(members) over parent_area = members
    end as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from complete
window parent_area as (partition by ref_area order by ref_year)
