with rate as (
    select * from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period' and area_type = 'total'
        and indicator in ('resident_urbanization_rate', 'registered_urbanization_rate')
),

paired as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        max(obs_value_decimal) filter (where indicator = 'resident_urbanization_rate') as resident,
        max(obs_value_decimal) filter (where indicator = 'registered_urbanization_rate') as registered,
        min(decimals) as coarser_decimals,
        any_value(basis) filter (where indicator = 'resident_urbanization_rate') as resident_basis,
        any_value(basis) filter (where indicator = 'registered_urbanization_rate') as registered_basis,
        bool_and(coalesce(comparable_with_previous, true)) as inputs_comparable,
        max(vintage) as vintage,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status
    from rate
    group by ref_area, ref_year
)

select
    ref_area,
    ref_area_name,
    ref_year,
    resident::double as resident_urbanization_pct,
    registered::double as registered_urbanization_pct,
    (resident - registered)::double as urbanization_gap_pp,
    {{ half_up_to('resident - registered', 'coarser_decimals') }} as urbanization_gap_pp_published,
    concat_ws(' / ', resident_basis, registered_basis) as basis,
    -- NULL where the year before lacks a rate that this year has, or has one that this year lacks.
    case
        when lag(ref_year) over area = ref_year - 1 then
            inputs_comparable and {{ same_basis('resident_basis') }} and {{ same_basis('registered_basis') }}
    end as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from paired
window area as (partition by ref_area order by ref_year)
