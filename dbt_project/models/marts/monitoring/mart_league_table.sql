-- Areas are ranked among those of the same level under the same area above, by the map of the year, on the value as it is
-- published; ranks on unrounded values would differ by noise.
with part as (
    select * from {{ ref('dim_ref_area_part') }}
),

value as (
    select
        value.*,
        part.parent,
        part.level,
        if(indicator.direction < 0, value.value_published, -value.value_published) as order_published,
        if(indicator.direction < 0, value.value, -value.value) as order_exact
    from {{ ref('mart_indicator_value') }} as value
    inner join {{ ref('dim_indicator') }} as indicator on value.indicator = indicator.indicator
    inner join part
        on
            value.ref_area = part.ref_area
            and value.ref_year >= part.since_year and value.ref_year < part.until_year
),

-- A change of rank is one among the areas that are there in both years and comparable with themselves.
moved as (
    select
        value.ref_area,
        value.ref_year,
        value.indicator,
        value.area_type,
        rank() over (peers order by before.order_published) - rank() over (peers order by value.order_published) as rank_change
    from value
    inner join value as before
        on
            value.ref_area = before.ref_area and value.indicator = before.indicator
            and value.area_type = before.area_type and value.ref_year = before.ref_year + 1
            and value.parent = before.parent and value.level = before.level
    where value.comparable_with_previous
    window peers as (partition by value.indicator, value.area_type, value.ref_year, value.parent, value.level)
),

ranked as (
    select
        *,
        rank() over (peers order by order_published) as rank,
        rank() over (peers order by order_exact) as rank_unrounded,
        count(*) over (partition by indicator, area_type, ref_year, parent, level, value_published) > 1 as is_tied,
        count(*) over peers as peers
    from value
    window peers as (partition by indicator, area_type, ref_year, parent, level)
),

-- Who should be in the table, also where nothing is known of it.
expected as (
    select
        asked.indicator,
        asked.area_type,
        asked.ref_year,
        asked.parent,
        asked.level,
        asked.peers,
        part.ref_area,
        part.name_zh,
        count(*) over (partition by asked.indicator, asked.area_type, asked.ref_year, asked.parent, asked.level) as members
    from (
        select distinct
            indicator,
            area_type,
            ref_year,
            parent,
            level,
            peers
        from ranked
    ) as asked
    inner join part
        on
            asked.parent = part.parent and asked.level = part.level
            and asked.ref_year >= part.since_year and asked.ref_year < part.until_year
)

select
    expected.indicator,
    expected.area_type,
    expected.ref_year,
    expected.ref_area,
    expected.name_zh as ref_area_name,
    expected.parent || ' ' || expected.level as peer_group,
    ranked.value,
    ranked.value_published,
    ranked.unit_measure,
    ranked.rank,
    ranked.rank_unrounded,
    ranked.is_tied,
    expected.peers,
    expected.members - expected.peers as peers_missing,
    moved.rank_change,
    ranked.basis,
    ranked.comparable_with_previous,
    ranked.obs_status,
    ranked.conf_status,
    ranked.quality_status,
    ranked.vintage
from expected
left join ranked
    on
        expected.ref_area = ranked.ref_area and expected.ref_year = ranked.ref_year
        and expected.indicator = ranked.indicator and expected.area_type = ranked.area_type
left join moved
    on
        expected.ref_area = moved.ref_area and expected.ref_year = moved.ref_year
        and expected.indicator = moved.indicator and expected.area_type = moved.area_type
where expected.members > 1
