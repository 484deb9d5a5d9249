with resident as (
    select * from {{ ref('fct_observation') }}
    where freq = 'A' and accumulation = 'period' and area_type = 'total' and indicator = 'resident_population'
),

-- The urban and rural residents of each area, two groups: their incomes and how many they are.
area as (
    select
        part.parent,
        inequality.ref_area,
        inequality.ref_year,
        inequality.basis,
        inequality.theil_t,
        inequality.theil_l,
        resident.obs_value as residents,
        resident.obs_value * inequality.mean_income_cny as income,
        coalesce(inequality.comparable_with_previous, true) and coalesce(resident.comparable_with_previous, true)
            as is_comparable,
        {{ carried_along(['inequality', 'resident']) }}
    from {{ ref('mart_income_inequality') }} as inequality
    inner join resident on inequality.ref_area = resident.ref_area and inequality.ref_year = resident.ref_year
    inner join {{ ref('dim_ref_area_part') }} as part
        on
            inequality.ref_area = part.ref_area
            and inequality.ref_year >= part.since_year and inequality.ref_year < part.until_year
    where inequality.theil_t is not null and resident.obs_value > 0
),

shared as (
    select
        *,
        residents / ({{ steady_sum('residents', 3) }} over whole)::double as population_share,
        income / ({{ steady_sum('income', 12) }} over whole)::double as income_share
    from area
    window whole as (partition by parent, ref_year, basis)
),

summed as (
    select
        parent as ref_area,
        ref_year,
        basis,
        count(*) as areas_present,
        list(ref_area order by ref_area) as members,
        bool_and(is_comparable) as inputs_comparable,
        {{ steady_sum('income_share * ln(income_share / population_share)', 24) }}::double as theil_t_between,
        {{ steady_sum('income_share * theil_t', 24) }}::double as theil_t_within,
        {{ steady_sum('population_share * ln(population_share / income_share)', 24) }}::double as theil_l_between,
        {{ steady_sum('population_share * theil_l', 24) }}::double as theil_l_within,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status,
        max(vintage) as vintage
    from shared
    group by parent, ref_year, basis
    qualify row_number() over (partition by parent, ref_year order by areas_present desc, basis asc) = 1
),

{{ held_against_the_map('summed', ref('dim_ref_area_part'), ref('dim_ref_area')) }}

select
    ref_area,
    ref_area_name,
    ref_year,
    areas_present,
    areas_expected,
    if(is_complete, theil_t_between + theil_t_within, null) as theil_t,
    if(is_complete, theil_t_between, null) as theil_t_between,
    if(is_complete, theil_t_within, null) as theil_t_within,
    if(is_complete, theil_l_between + theil_l_within, null) as theil_l,
    if(is_complete, theil_l_between, null) as theil_l_between,
    if(is_complete, theil_l_within, null) as theil_l_within,
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
