with counted as (
    select
        *,
        split_part(indicator, '_', 1) as concept,
        ends_with(indicator, '_urbanization_rate') as is_rate
    from {{ ref('fct_observation') }}
    where
        freq = 'A' and accumulation = 'period'
        and (
            (indicator in ('resident_urbanization_rate', 'registered_urbanization_rate') and area_type = 'total')
            or indicator in ('resident_population', 'registered_population')
        )
),

-- Head-counts count for nothing where a rate is published.
used as (
    select
        *,
        is_rate or not bool_or(is_rate) over (partition by ref_area, ref_year, concept) as is_shown
    from counted
),

-- Of one year and population: the rate as published, and as the head-counts of one basis give it.
rated as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        concept,
        any_value(obs_value_decimal) filter (where is_rate) as published,
        min(decimals) filter (where is_rate) as published_decimals,
        any_value(basis) filter (where is_shown) as basis,
        count(distinct basis) filter (where not is_rate) = 1 as is_one_basis,
        any_value(obs_value_decimal) filter (where not is_rate and area_type = 'urban') as urban,
        any_value(obs_value_decimal) filter (where not is_rate and area_type = 'rural') as rural,
        any_value(obs_value_decimal) filter (where not is_rate and area_type = 'total') as total,
        bool_and(coalesce(comparable_with_previous, true)) filter (where is_shown) as inputs_comparable,
        {{ worst_obs_status('obs_status') }} filter (where is_shown) as obs_status,
        {{ worst_conf_status('conf_status') }} filter (where is_shown) as conf_status,
        {{ worst_quality_status('quality_status') }} filter (where is_shown) as quality_status,
        max(vintage) filter (where is_shown) as vintage
    from used
    group by ref_area, ref_year, concept
),

recomputed as (
    select
        *,
        case
            when is_one_basis and coalesce(urban + rural, total) > 0
                then (100 * urban::double / coalesce(urban + rural, total)::double)::decimal(38, 15)
        end as recomputed
    from rated
),

shown as (
    select
        *,
        coalesce(published, recomputed) as rate,
        if(published is null, 2, published_decimals) as decimals
    from recomputed
    where coalesce(published, recomputed) is not null
),

paired as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        ref_year,
        any_value(rate) filter (where concept = 'resident') as resident,
        any_value(rate) filter (where concept = 'registered') as registered,
        any_value(recomputed) filter (where concept = 'resident') as resident_recomputed,
        any_value(recomputed) filter (where concept = 'registered') as registered_recomputed,
        min(decimals) as coarser_decimals,
        any_value(basis) filter (where concept = 'resident') as resident_basis,
        any_value(basis) filter (where concept = 'registered') as registered_basis,
        bool_and(inputs_comparable) as inputs_comparable,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status,
        max(vintage) as vintage
    from shown
    group by ref_area, ref_year
)

select
    ref_area,
    ref_area_name,
    ref_year,
    resident::double as resident_urbanization_pct,
    registered::double as registered_urbanization_pct,
    resident_recomputed::double as resident_urbanization_recomputed_pct,
    registered_recomputed::double as registered_urbanization_recomputed_pct,
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
