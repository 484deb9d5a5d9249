-- Grain: observation row. What a value should be, told by its neighbours in time and by its peers' growth, without
-- itself. Money and persons are compared as decimal logarithms, rates and ratios as they stand.
--
-- Values are first freed of the common movement: the median change of the peers (same level, same province for
-- cities and counties) where there are at least five, else the series' own median change. The expectation is the
-- median of up to three freed neighbours on either side, so that one wrong neighbour cannot bend it. Figures of an area
-- before and after a change of its ground are no neighbours.
with observation as (
    select
        observation.cell_id,
        observation.series_no,
        observation.ref_area,
        observation.ref_year,
        observation.edition_no,
        observation.obs_value,
        coalesce(ground.ground_no, 0) as ground_no,
        indicator.quantity,
        area.level || case when area.level in ('prefecture', 'county') then left(observation.ref_area, 2) else '' end
            as peer_group,
        case
            when indicator.quantity not in ('money', 'persons') then observation.obs_value
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

-- Growth against the peers of the same year.
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
        sum(
            case when peer.peers >= 5 then peer.peer_change else own.own_change * changed.gap end
        ) over (
            partition by changed.series_no, changed.ref_area, changed.ground_no, changed.edition_no
            order by changed.ref_year
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
),

freed as (
    select
        *,
        position - coalesce(movement, 0) as level
    from moved
),

surrounded as (
    select
        *,
        [
            lag(level, 1) over line, lag(level, 2) over line, lag(level, 3) over line,
            lead(level, 1) over line, lead(level, 2) over line, lead(level, 3) over line
        ] as around,
        lag(obs_value) over line as earlier_value,
        lead(obs_value) over line as later_value,
        lead(ref_year) over line - ref_year as gap_after
    from freed
    window line as (partition by series_no, ref_area, ground_no, edition_no order by ref_year)
),

expected as (
    select
        *,
        list_count(around) as neighbours,
        case when list_count(around) >= 3 then list_median(around) + coalesce(movement, 0) end as expected_position
    from surrounded
),

-- A value that was superseded alone has no neighbours in its own edition: it is held against those in force.
compared as (
    select
        own.cell_id,
        own.series_no,
        own.peer_group,
        own.quantity,
        own.position,
        whole.neighbours,
        whole.expected_position,
        whole.gap,
        whole.gap_after,
        whole.earlier_value,
        whole.later_value,
        whole.peers,
        whole.peer_change,
        whole.peer_spread,
        own.position - (whole.position - whole.change) as change
    from expected as own
    inner join expected as whole
        on
            own.series_no = whole.series_no and own.ref_area = whole.ref_area and own.ref_year = whole.ref_year
            and whole.edition_no = case when own.neighbours >= 3 then own.edition_no else 1 end
),

spread as (
    select
        series_no,
        peer_group,
        1.4826 * median(abs(position - expected_position)) as deviation_spread
    from compared
    group by all
)

select
    compared.cell_id,
    compared.peer_group,
    compared.neighbours,
    case when compared.gap = 1 then compared.earlier_value end as previous_value,
    case when compared.gap_after = 1 then compared.later_value end as next_value,
    case
        when compared.quantity in ('money', 'persons') then pow(10, compared.expected_position)
        else compared.expected_position
    end as expected_value,
    compared.position - compared.expected_position as deviation,
    -- Below one hundredth in the logarithm (2.3 %) or 0.5 points no deviation is strange, however calm the series.
    (compared.position - compared.expected_position)
    / greatest(spread.deviation_spread, case when compared.quantity in ('money', 'persons') then 0.01 else 0.5 end)
        as deviation_z,
    case
        when compared.gap = 1 and compared.peers >= 5
            then
                (compared.change - compared.peer_change)
                / greatest(
                    1.4826 * compared.peer_spread,
                    case when compared.quantity in ('money', 'persons') then 0.005 else 0.3 end
                )
    end as peer_growth_z
from compared
left join spread on compared.series_no = spread.series_no and compared.peer_group = spread.peer_group
