with observation as (
    select * from {{ ref('fct_observation') }}
    where freq = 'A' and accumulation = 'period'
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

-- The code list begins in 1981; its first entries stand for the years before.
stretch as (
    select
        ref_area,
        if(since_year <= 1981, 0, since_year) as since_year,
        coalesce(until_year, 9999) as until_year,
        ref_area_today,
        weight,
        is_same,
        since_year = min(since_year) over (partition by ref_area) as is_first
    from {{ ref('dim_ref_area_today') }}
    where weight is not null and ref_area_today is not null
),

change as (
    select * from {{ ref('dim_ref_area_change') }}
),

asked as (
    select distinct
        stretch.ref_area_today,
        observation.ref_year
    from observation
    inner join stretch on observation.ref_area = stretch.ref_area
),

-- The areas that an area of today was in a year of which there are figures, and whether it was one of them itself.
map as (
    select
        asked.ref_area_today,
        asked.ref_year,
        count(*) as parts,
        bool_or(stretch.is_same) as has_itself
    from asked
    inner join stretch
        on
            asked.ref_area_today = stretch.ref_area_today and asked.ref_year >= stretch.since_year
            and asked.ref_year < stretch.until_year
    group by all
),

-- Where an area received or lost a part without a declared share, or began out of what the list does not know.
broken as (
    select
        unnest(["from", "to"]) as ref_area,
        year as ref_year
    from change
    where kind = 'split' and weight is null
    union
    select
        area.ref_area,
        area.valid_from as ref_year
    from {{ ref('dim_ref_area') }} as area
    anti join change on area.ref_area = change."to" and area.valid_from = change.year and change.is_whole
    where area.valid_from > 1981
),

break_today as (
    select distinct
        stretch.ref_area_today,
        broken.ref_year
    from broken
    inner join stretch
        on
            broken.ref_area = stretch.ref_area and broken.ref_year >= stretch.since_year
            and broken.ref_year < stretch.until_year
),

last_break as (
    select
        ref_area_today,
        max(ref_year) as ref_year
    from break_today
    group by all
),

in_time as (
    select
        observation.*,
        stretch.ref_area_today,
        stretch.weight,
        true as in_time
    from observation
    inner join stretch
        on
            observation.ref_area = stretch.ref_area and observation.ref_year >= stretch.since_year
            and observation.ref_year < stretch.until_year
),

-- In the year of a change a figure may still come under the code that ended. That of an area taken in is then a part of
-- the sum. That of an area that only changed its code stands in for the figure under the new one, as does one under
-- today's code of a year before it.
taken_in as (
    select
        observation.*,
        stretch.ref_area_today,
        stretch.weight,
        false as in_time
    from observation
    inner join stretch
        on observation.ref_area = stretch.ref_area and observation.ref_year = stretch.until_year
    inner join change
        on
            observation.ref_area = change."from" and observation.ref_year = change.year
            and change.kind = 'merge'
    semi join in_time
        on
            change."to" = in_time.ref_area and observation.ref_year = in_time.ref_year
            and observation.indicator = in_time.indicator and observation.area_type = in_time.area_type
),

standing_in as (
    select
        observation.*,
        stretch.ref_area_today,
        stretch.weight,
        false as in_time
    from observation
    inner join stretch on observation.ref_area = stretch.ref_area and stretch.is_same
    anti join in_time
        on
            stretch.ref_area_today = in_time.ref_area_today and observation.ref_year = in_time.ref_year
            and observation.indicator = in_time.indicator and observation.area_type = in_time.area_type
    where
        observation.ref_year = stretch.until_year
        or (observation.ref_year < stretch.since_year and stretch.is_first and stretch.until_year = 9999)
),

placed as (
    select * from in_time
    union all
    select * from taken_in
    union all
    select * from standing_in
),

combined as (
    select
        placed.ref_area_today as ref_area,
        placed.ref_year,
        placed.indicator,
        placed.area_type,
        sum(
            if(placed.weight = 1, placed.obs_value_decimal, (placed.obs_value * placed.weight)::decimal(38, 15))
        )::decimal(38, 15) as obs_value_decimal,
        any_value(placed.unit_measure) as unit_measure,
        min(placed.basis) as basis,
        case
            when min(placed.weight) < 1 then 'split'
            when count(*) > 1 then 'merged'
            when min(placed.ref_area) = placed.ref_area_today then 'as_was'
            else 'recoded'
        end as origin,
        count(*)::integer as parts,
        string_agg(placed.ref_area, ' ' order by placed.ref_area) as as_was,
        {{ worst_obs_status('placed.obs_status') }} as obs_status,
        {{ worst_conf_status('placed.conf_status') }} as conf_status,
        {{ worst_quality_status('placed.quality_status') }} as quality_status,
        max(placed.vintage) as vintage
    from placed
    inner join indicator on placed.indicator = indicator.indicator
    left join map on placed.ref_area_today = map.ref_area_today and placed.ref_year = map.ref_year
    left join last_break on placed.ref_area_today = last_break.ref_area_today
    group by placed.ref_area_today, placed.ref_year, placed.indicator, placed.area_type
    having
        count_if(placed.in_time) in (0, any_value(map.parts))
        and (any_value(indicator.is_additive) or (count(*) = 1 and min(placed.weight) = 1))
        and min(placed.basis) = max(placed.basis)
        and (
            count_if(placed.in_time) = 0 or any_value(map.has_itself)
            or placed.ref_year >= coalesce(any_value(last_break.ref_year), 0)
        )
),

area as (
    select
        ref_area,
        name_zh
    from {{ ref('dim_ref_area') }}
    where valid_to is null
)

select
    combined.ref_area,
    area.name_zh as ref_area_name,
    combined.ref_year,
    combined.indicator,
    combined.area_type,
    combined.obs_value_decimal::double as obs_value,
    combined.obs_value_decimal,
    combined.unit_measure,
    combined.basis,
    combined.origin,
    combined.parts,
    combined.as_was,
    case
        when lag(combined.ref_year) over series = combined.ref_year - 1
            then lag(combined.basis) over series = combined.basis and break_today.ref_year is null
    end as comparable_with_previous,
    combined.obs_status,
    combined.conf_status,
    combined.quality_status,
    combined.vintage
from combined
inner join area on combined.ref_area = area.ref_area
left join break_today on combined.ref_area = break_today.ref_area_today and combined.ref_year = break_today.ref_year
window series as (
    partition by combined.ref_area, combined.indicator, combined.area_type order by combined.ref_year
)
