with observation as (
    select * from {{ ref('fct_observation') }}
    where freq = 'A' and accumulation = 'period'
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

last_break as (
    select
        ref_area,
        max(ref_year) as ref_year
    from {{ ref('dim_ref_area_break') }}
    group by all
),

in_time as (
    select
        observation.*,
        stretch.ref_area_today,
        stretch.weight,
        true as in_time,
        map.parts as parts_of_year,
        map.parts = 1 and stretch.weight = 1 as is_alone
    from observation
    inner join stretch
        on
            observation.ref_area = stretch.ref_area and observation.ref_year >= stretch.since_year
            and observation.ref_year < stretch.until_year
    inner join map on stretch.ref_area_today = map.ref_area_today and observation.ref_year = map.ref_year
    left join last_break on stretch.ref_area_today = last_break.ref_area
    where map.has_itself or observation.ref_year >= coalesce(last_break.ref_year, 0)
),

-- In the year of a change a figure may still come under the code that ended. That of an area taken in is then a part of
-- the sum, if the heir's figure stands beside it in one edition of one source: only there is it known to be without it.
taken_in as (
    select
        observation.*,
        stretch.ref_area_today,
        stretch.weight,
        false as in_time,
        cast(null as bigint) as parts_of_year,
        false as is_alone
    from observation
    inner join stretch
        on observation.ref_area = stretch.ref_area and observation.ref_year = stretch.until_year
    inner join {{ ref('dim_ref_area_change') }} as change
        on
            observation.ref_area = change."from" and observation.ref_year = change.year
            and change.kind = 'merge'
    semi join in_time
        on
            change."to" = in_time.ref_area and observation.ref_year = in_time.ref_year
            and observation.indicator = in_time.indicator and observation.area_type = in_time.area_type
            and observation.source = in_time.source and observation.vintage = in_time.vintage
),

-- That of an area that only changed its code stands in for the figure under the new one, as does one under today's code
-- of a year before it. Of several, which are of one area, the one under the newest code is taken.
standing_in as (
    select
        observation.*,
        stretch.ref_area_today,
        stretch.weight,
        false as in_time,
        cast(null as bigint) as parts_of_year,
        false as is_alone
    from observation
    inner join stretch on observation.ref_area = stretch.ref_area and stretch.is_same
    anti join in_time
        on
            stretch.ref_area_today = in_time.ref_area_today and observation.ref_year = in_time.ref_year
            and observation.indicator = in_time.indicator and observation.area_type = in_time.area_type
    where
        observation.ref_year = stretch.until_year
        or (observation.ref_year < stretch.since_year and stretch.is_first and stretch.until_year = 9999)
    qualify
        row_number() over (
            partition by stretch.ref_area_today, observation.ref_year, observation.indicator, observation.area_type
            order by stretch.since_year desc
        ) = 1
),

-- Most figures are the only one of their area of today, and are spared the putting together.
alone as (
    select in_time.*
    from in_time
    anti join taken_in
        on {{ same_figure_today('in_time', 'taken_in') }}
    where in_time.is_alone
),

placed as (
    select * from in_time
    where not is_alone
    union all
    select in_time.*
    from in_time
    semi join taken_in
        on {{ same_figure_today('in_time', 'taken_in') }}
    where in_time.is_alone
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
        any_value(placed.break_year) as break_year,
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
    inner join {{ ref('dim_indicator') }} as indicator on placed.indicator = indicator.indicator
    group by placed.ref_area_today, placed.ref_year, placed.indicator, placed.area_type
    having
        count_if(placed.in_time) in (0, any_value(placed.parts_of_year))
        and (any_value(indicator.is_additive) or (count(*) = 1 and min(placed.weight) = 1))
        and min(placed.basis) = max(placed.basis)
        and min(placed.definition) = max(placed.definition)
        and count(distinct coalesce(placed.break_year, 0)) = 1
),

whole as (
    select
        ref_area_today as ref_area,
        ref_year,
        indicator,
        area_type,
        obs_value_decimal,
        unit_measure,
        basis,
        break_year,
        if(ref_area = ref_area_today, 'as_was', 'recoded') as origin,
        1 as parts,
        ref_area as as_was,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from alone
    union all
    select * from combined
)

select
    whole.ref_area,
    area.name_zh as ref_area_name,
    whole.ref_year,
    whole.indicator,
    whole.area_type,
    whole.obs_value_decimal::double as obs_value,
    whole.obs_value_decimal,
    whole.unit_measure,
    whole.basis,
    whole.origin,
    whole.parts,
    whole.as_was,
    case
        when lag(whole.ref_year) over series = whole.ref_year - 1
            then
                lag(whole.basis) over series = whole.basis
                and (lag(whole.break_year) over series is not distinct from whole.break_year)
                and area_break.ref_year is null
    end as comparable_with_previous,
    whole.obs_status,
    whole.conf_status,
    whole.quality_status,
    whole.vintage
from whole
inner join {{ ref('dim_ref_area') }} as area on whole.ref_area = area.ref_area and area.valid_to is null
left join {{ ref('dim_ref_area_break') }} as area_break
    on whole.ref_area = area_break.ref_area and whole.ref_year = area_break.ref_year
window series as (
    partition by whole.ref_area, whole.indicator, whole.area_type order by whole.ref_year
)
