-- The latest figure of each series and frequency beside that of the same period of the year before, as a bulletin gives it.
with observation as (
    select
        ref_area,
        ref_area_name,
        freq,
        time_period,
        accumulation,
        ref_year,
        replace(time_period, ref_year::varchar, '') as season,
        indicator,
        area_type,
        obs_value as value,
        obs_value_decimal,
        obs_value as value_published,
        unit_measure,
        basis,
        break_year,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from {{ ref('fct_observation') }}
    where freq <> 'A' or accumulation <> 'period'
),

-- Of the ratio of incomes there is a figure for every period that both have.
ratio as (
    select
        ref_area,
        any_value(ref_area_name) as ref_area_name,
        freq,
        time_period,
        accumulation,
        ref_year,
        season,
        'urban_rural_income_ratio' as indicator,
        'total' as area_type,
        any_value(value) filter (where area_type = 'urban') / any_value(value) filter (where area_type = 'rural') as value,
        {{ ratio_half_up(
            "any_value(obs_value_decimal) filter (where area_type = 'urban')",
            "any_value(obs_value_decimal) filter (where area_type = 'rural')", 2
        ) }} as value_published,
        'RATIO' as unit_measure,
        basis,
        max(break_year) as break_year,
        {{ worst_obs_status('obs_status') }} as obs_status,
        {{ worst_conf_status('conf_status') }} as conf_status,
        {{ worst_quality_status('quality_status') }} as quality_status,
        max(vintage) as vintage
    from observation
    where indicator = 'disposable_income_per_capita' and area_type in ('urban', 'rural') and value > 0
    group by ref_area, freq, time_period, accumulation, ref_year, season, basis
    having count(*) = 2
),

ground as (
    {{ changed_ground(ref('dim_ref_area_change')) }}
),

-- A ratio that is reported as well gives way to the one that follows from the incomes, as in the yearly figures.
stacked as (
    select * from observation
    anti join ratio
        on
            observation.ref_area = ratio.ref_area and observation.freq = ratio.freq
            and observation.time_period = ratio.time_period and observation.accumulation = ratio.accumulation
            and observation.indicator = ratio.indicator and observation.area_type = ratio.area_type
    union all by name
    select * from ratio
    union all by name
    select
        ref_area,
        ref_area_name,
        'A' as freq,
        ref_year::varchar as time_period,
        'period' as accumulation,
        ref_year,
        '' as season,
        indicator,
        area_type,
        value,
        value_published,
        unit_measure,
        basis,
        cast(null as integer) as break_year,
        obs_status,
        conf_status,
        quality_status,
        vintage,
        comparable_with_previous
    from {{ ref('mart_indicator_value') }}
),

latest as (
    select * from stacked
    qualify
        row_number() over (
            partition by ref_area, freq, accumulation, indicator, area_type order by ref_year desc, time_period desc
        ) = 1
),

followed as (
    select
        latest.*,
        year_before.value as value_before,
        year_before.value_published as published_before,
        case
            when year_before.ref_year is not null
                then
                    coalesce(
                        latest.comparable_with_previous,
                        latest.basis = year_before.basis
                        and (latest.break_year is not distinct from year_before.break_year)
                        and ground.ref_year is null
                    )
        end as is_comparable
    from latest
    left join stacked as year_before
        on
            latest.ref_area = year_before.ref_area and latest.freq = year_before.freq
            and latest.accumulation = year_before.accumulation and latest.season = year_before.season
            and latest.indicator = year_before.indicator and latest.area_type = year_before.area_type
            and latest.ref_year = year_before.ref_year + 1
    left join ground on latest.ref_area = ground.ref_area and latest.ref_year = ground.ref_year
)

select
    followed.ref_area,
    followed.ref_area_name,
    followed.freq,
    followed.time_period,
    followed.accumulation,
    followed.indicator,
    followed.area_type,
    followed.value_published,
    followed.unit_measure,
    followed.published_before as published_year_before,
    case
        when
            followed.is_comparable and followed.value_before > 0
            and {{ compounds('indicator') }} and followed.unit_measure <> 'RATIO'
            then 100 * (followed.value / followed.value_before - 1)
    end as growth_pct,
    -- The difference of published figures is what a bulletin prints.
    case
        when followed.is_comparable
            then round((followed.value_published - followed.published_before)::decimal(38, 10), 6)::double
    end as change_published,
    followed.is_comparable as comparable_with_previous,
    -- Alone there is nothing to be first of.
    if(league.peers > 1, league.rank, null) as rank,
    league.peers,
    league.peers_missing,
    league.rank_change,
    followed.basis,
    followed.obs_status,
    followed.conf_status,
    followed.quality_status,
    followed.vintage
from followed
inner join {{ ref('dim_indicator') }} as indicator on followed.indicator = indicator.indicator
left join {{ ref('mart_league_table') }} as league
    on
        followed.freq = 'A' and followed.accumulation = 'period'
        and followed.ref_area = league.ref_area and followed.ref_year = league.ref_year
        and followed.indicator = league.indicator and followed.area_type = league.area_type
