-- Areas are ranked among those of the same level under the same area above, by the map of the year, on the value as it is
-- published; ranks on unrounded values would differ by noise.
with part as (
    select * from {{ ref('dim_ref_area_part') }}
),

value as (
    select
        value.*,
        part.parent || ' ' || part.level as peer_group,
        if(indicator.direction < 0, value.value_published, -value.value_published) as order_published,
        if(indicator.direction < 0, value.value, -value.value) as order_exact
    from {{ ref('mart_indicator_value') }} as value
    inner join {{ ref('dim_indicator') }} as indicator on value.indicator = indicator.indicator
    inner join part
        on
            value.ref_area = part.ref_area
            and value.ref_year >= part.since_year and value.ref_year < part.until_year
),

-- A league is what is ranked together. Numbers are sorted faster than names.
league as (
    select
        *,
        row_number() over () as league_no
    from (
        select
            indicator,
            area_type,
            ref_year,
            peer_group,
            count(*) as peers
        from value
        group by all
    ) as counted
),

-- A change of rank is one among the areas that are there in both years and comparable with themselves.
followed as (
    select
        value.*,
        league.league_no,
        league.peers,
        if(
            value.comparable_with_previous and lag(value.ref_year) over series = value.ref_year - 1
            and lag(value.peer_group) over series = value.peer_group,
            lag(value.order_published) over series, null
        ) as order_before
    from value
    inner join league
        on
            value.indicator = league.indicator and value.area_type = league.area_type
            and value.ref_year = league.ref_year and value.peer_group = league.peer_group
    window series as (partition by value.ref_area, value.indicator, value.area_type order by value.ref_year)
),

ranked as (
    select
        *,
        rank() over peers_published as rank,
        rank() over (partition by league_no order by order_exact) as rank_unrounded,
        coalesce(order_published = lag(order_published) over peers_published, false)
        or coalesce(order_published = lead(order_published) over peers_published, false) as is_tied,
        case
            when order_before is not null
                then
                    rank() over (partition by league_no, order_before is null order by order_before)
                    - rank() over (partition by league_no, order_before is null order by order_published)
        end as rank_change
    from followed
    window peers_published as (partition by league_no order by order_published)
),

-- Who should be in the table, also where nothing is known of it.
expected as (
    select
        league.*,
        count(*) as members
    from league
    inner join part
        on
            league.peer_group = part.parent || ' ' || part.level
            and league.ref_year >= part.since_year and league.ref_year < part.until_year
    group by all
    having members > 1
),

missing as (
    select
        expected.league_no,
        part.ref_area,
        part.name_zh as ref_area_name
    from expected
    inner join part
        on
            expected.peer_group = part.parent || ' ' || part.level
            and expected.ref_year >= part.since_year and expected.ref_year < part.until_year
    anti join ranked on expected.league_no = ranked.league_no and part.ref_area = ranked.ref_area
    where expected.peers < expected.members
),

listed as (
    select * from ranked
    union all by name
    select * from missing
)

select
    expected.indicator,
    expected.area_type,
    expected.ref_year,
    listed.ref_area,
    listed.ref_area_name,
    expected.peer_group,
    listed.value,
    listed.value_published,
    listed.unit_measure,
    listed.rank,
    listed.rank_unrounded,
    listed.is_tied,
    expected.peers,
    expected.members - expected.peers as peers_missing,
    listed.rank_change,
    listed.basis,
    listed.comparable_with_previous,
    listed.obs_status,
    listed.conf_status,
    listed.quality_status,
    listed.vintage
from listed
inner join expected on listed.league_no = expected.league_no
