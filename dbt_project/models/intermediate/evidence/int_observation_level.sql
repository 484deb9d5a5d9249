-- Grain: observation row of yearly data. Its place in its series, freed of the movement that it shares with its peers, so
-- that the rows of one area and one edition should lie on a level.
--
-- The shared movement is the median change of the peers (same level, same province for cities and counties) where there
-- are at least five, else the series' own median change.
with peer as (
    select
        series_no,
        peer_group,
        edition_no,
        ref_year,
        median(change) as peer_change,
        mad(change) as peer_spread,
        count(change) as peers
    from {{ ref('int_observation_step') }}
    where gap = 1
    group by all
),

accompanied as (
    select
        step.*,
        peer.peer_change,
        peer.peer_spread,
        peer.peers
    from {{ ref('int_observation_step') }} as step
    left join peer
        on
            step.series_no = peer.series_no and step.peer_group = peer.peer_group
            and step.edition_no = peer.edition_no and step.ref_year = peer.ref_year and step.gap = 1
),

alone as (
    select distinct
        series_no,
        ref_area,
        ground_no,
        edition_no
    from accompanied
    where gap is not null and coalesce(peers, 0) < 5
),

own as (
    select
        step.series_no,
        step.ref_area,
        step.ground_no,
        step.edition_no,
        median(step.change / step.gap) as own_change
    from {{ ref('int_observation_step') }} as step
    inner join alone
        on
            step.series_no = alone.series_no and step.ref_area = alone.ref_area
            and step.ground_no = alone.ground_no and step.edition_no = alone.edition_no
    group by all
),

moved as (
    select
        accompanied.*,
        coalesce(
            sum(
                case when accompanied.peers >= 5 then accompanied.peer_change else own.own_change * accompanied.gap end
            ) over (
                partition by
                    accompanied.series_no, accompanied.ref_area, accompanied.ground_no, accompanied.edition_no
                order by accompanied.ref_year
            ), 0
        ) as movement
    from accompanied
    left join own
        on
            accompanied.series_no = own.series_no and accompanied.ref_area = own.ref_area
            and accompanied.ground_no = own.ground_no and accompanied.edition_no = own.edition_no
)

select
    *,
    position - movement as level
from moved
