-- Grain: observation row of yearly data. Its place in its series, freed of the movement that it shares with its peers, so
-- that the rows of one area and one edition should lie on a level. Rates and ratios are placed as they stand, all else by
-- its decimal logarithm.
--
-- The shared movement is the median change of the peers (same level, same province for cities and counties) where there
-- are at least five, else the series' own median change. Figures of an area before and after a change of its ground are
-- on different lines.
with observation as (
    select
        observation.cell_id,
        observation.series_no,
        observation.ref_area,
        observation.ref_year,
        observation.edition_no,
        observation.obs_value,
        coalesce(ground.ground_no, 0) as ground_no,
        indicator.quantity not in ('rate', 'ratio') as is_logarithm,
        indicator.is_additive,
        area.level || case when area.level in ('prefecture', 'county') then left(observation.ref_area, 2) else '' end
            as peer_group,
        case
            when indicator.quantity in ('rate', 'ratio') then observation.obs_value
            when observation.obs_value > 0 then log10(observation.obs_value)
        end as position
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('int_ref_area_by_year') }} as area
        on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
    left join {{ ref('int_area_ground') }} as ground
        on
            observation.ref_area = ground.ref_area and observation.ref_year = ground.ref_year
            and series.source = ground.source and series.indicator = ground.indicator
            and series.area_type = ground.area_type
    where series.freq = 'A'
),

changed as (
    select
        *,
        ref_year - lag(ref_year) over line as gap,
        position - lag(position) over line as change
    from observation
    window line as (partition by series_no, ref_area, ground_no, edition_no order by ref_year)
),

peer as (
    select
        series_no,
        peer_group,
        edition_no,
        ref_year,
        median(change) as peer_change,
        mad(change) as peer_spread,
        count(change) as peers
    from changed
    where gap = 1
    group by all
),

own as (
    select
        series_no,
        ref_area,
        ground_no,
        edition_no,
        median(change / gap) as own_change
    from changed
    group by all
),

moved as (
    select
        changed.*,
        peer.peer_change,
        peer.peer_spread,
        peer.peers,
        coalesce(
            sum(case when peer.peers >= 5 then peer.peer_change else own.own_change * changed.gap end) over (
                partition by changed.series_no, changed.ref_area, changed.ground_no, changed.edition_no
                order by changed.ref_year
            ), 0
        ) as movement
    from changed
    left join peer
        on
            changed.series_no = peer.series_no and changed.peer_group = peer.peer_group
            and changed.edition_no = peer.edition_no and changed.ref_year = peer.ref_year
            and changed.gap = 1
    left join own
        on
            changed.series_no = own.series_no and changed.ref_area = own.ref_area
            and changed.ground_no = own.ground_no and changed.edition_no = own.edition_no
)

select
    *,
    position - movement as level
from moved
