-- Grain: observation row of yearly data. What a value should be without itself: told by its neighbours in time that are
-- not set aside, moved as its peers moved; else, of figures per head, rates and ratios, by its peers of the same year.
-- Another edition or source tells nothing: it cannot be told which of the two is wrong.
with placed as (
    select
        level.*,
        if(apart.cell_id is null, level.level, null) as trusted_level,
        if(apart.cell_id is null and level.level is not null, level.ref_year, null) as trusted_year,
        {{ least_spread('level.is_logarithm') }} as least_spread
    from {{ ref('int_observation_level') }} as level
    left join {{ ref('int_observation_apart') }} as apart on level.cell_id = apart.cell_id
),

surrounded as (
    select
        *,
        lag(trusted_level, 1 ignore nulls) over line as before_level,
        lag(trusted_year, 1 ignore nulls) over line as before_year,
        lead(trusted_level, 1 ignore nulls) over line as after_level,
        lead(trusted_year, 1 ignore nulls) over line as after_year,
        least(3, count(trusted_level) over (line rows between unbounded preceding and 1 preceding))
        + least(3, count(trusted_level) over (line rows between 1 following and unbounded following)) as neighbours,
        lag(obs_value) over line as earlier_value,
        lead(obs_value) over line as later_value,
        lead(ref_year) over line - ref_year as gap_after
    from placed
    window line as (partition by series_no, ref_area, ground_no, edition_no order by ref_year)
),

expected as (
    select
        *,
        case
            when neighbours < 3 then null
            when before_level is null then after_level
            when after_level is null then before_level
            else
                (before_level * (after_year - ref_year) + after_level * (ref_year - before_year))
                / (after_year - before_year)
        end + movement as expected_position
    from surrounded
),

-- A value that was superseded alone has no neighbours in its own edition: it is held against those in force.
compared as (
    select
        own.cell_id,
        own.series_no,
        own.edition_no,
        own.ref_year,
        own.peer_group,
        own.is_logarithm,
        own.is_additive,
        own.least_spread,
        own.position,
        whole.neighbours,
        whole.expected_position,
        whole.before_level + whole.movement as before_position,
        whole.after_level + whole.movement as after_position,
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
),

-- The peers of the same year and edition, for figures per head, rates and ratios of areas that have no history.
peer as (
    select
        series_no,
        edition_no,
        peer_group,
        ref_year,
        median(position) as peer_position,
        1.4826 * mad(position) as peer_position_spread
    from compared
    where not is_additive
    group by all
    having count(position) >= 6 and count(expected_position) = 0
),

told as (
    select
        compared.*,
        case
            when compared.expected_position is not null then 'neighbours'
            when peer.peer_position is not null then 'peers'
        end as expectation,
        coalesce(compared.expected_position, peer.peer_position) as told_position,
        case expectation
            when 'neighbours' then greatest(spread.deviation_spread, compared.least_spread)
            when 'peers' then greatest(peer.peer_position_spread, 3 * compared.least_spread)
        end as told_spread,
        -- How far values usually lie from what is told: far less than what would be strange.
        case expectation
            when 'neighbours'
                then
                    greatest(spread.deviation_spread, compared.least_spread / 5)
                    * if(compared.neighbours > 3, 1, 2)
            else told_spread
        end as usual_distance
    from compared
    left join spread on compared.series_no = spread.series_no and compared.peer_group = spread.peer_group
    left join peer
        on
            compared.series_no = peer.series_no and compared.edition_no = peer.edition_no
            and compared.peer_group = peer.peer_group and compared.ref_year = peer.ref_year
)

select
    cell_id,
    peer_group,
    neighbours,
    case when gap = 1 then earlier_value end as previous_value,
    case when gap_after = 1 then later_value end as next_value,
    expectation,
    told_position as expected_position,
    told_spread as expected_spread,
    usual_distance,
    if(is_logarithm, pow(10, told_position), told_position) as expected_value,
    position,
    position - told_position as distance,
    if(expectation = 'neighbours', position - told_position, null) as deviation,
    -- Of a value between two others what departs from both alike: a change of level departs from one.
    case
        when expectation <> 'neighbours' then null
        when before_position is null or after_position is null then position - told_position
        when sign(position - before_position) = sign(position - after_position)
            then sign(position - after_position) * least(abs(position - before_position), abs(position - after_position))
        else 0
    end / told_spread as deviation_z,
    case
        when gap = 1 and peers >= 5
            then (change - peer_change) / greatest(1.4826 * peer_spread, if(is_logarithm, 0.005, 0.3))
    end as peer_growth_z
from told
