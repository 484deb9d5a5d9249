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
        residents / sum(residents) over whole as population_share,
        income / sum(income) over whole as income_share
    from area
    window whole as (partition by parent, ref_year, basis)
),

summed as (
    select
        parent as ref_area,
        ref_year,
        basis,
        count(*) as areas_present,
        sum(income_share * ln(income_share / population_share)) as theil_t_between,
        sum(income_share * theil_t) as theil_t_within,
        sum(population_share * ln(population_share / income_share)) as theil_l_between,
        sum(population_share * theil_l) as theil_l_within,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status,
        max(vintage) as vintage
    from shared
    group by parent, ref_year, basis
    qualify row_number() over (partition by parent, ref_year order by areas_present desc, basis asc) = 1
),

expected as (
    select
        summed.ref_area,
        summed.ref_year,
        count(*) as areas_expected
    from summed
    inner join {{ ref('dim_ref_area_part') }} as part
        on
            summed.ref_area = part.parent
            and summed.ref_year >= part.since_year and summed.ref_year < part.until_year
    group by all
),

complete as (
    select
        summed.*,
        area_name.name_zh as ref_area_name,
        expected.areas_expected,
        summed.areas_present = expected.areas_expected as is_complete
    from summed
    inner join expected on summed.ref_area = expected.ref_area and summed.ref_year = expected.ref_year
    inner join {{ ref('dim_ref_area') }} as area_name
        on
            summed.ref_area = area_name.ref_area
            and summed.ref_year >= if(area_name.valid_from <= 1981, 0, area_name.valid_from)
            and summed.ref_year < coalesce(area_name.valid_to, 9999)
)

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
    case when lag(ref_year) over parent_area = ref_year - 1 then lag(basis) over parent_area = basis end
        as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from complete
window parent_area as (partition by ref_area order by ref_year)
