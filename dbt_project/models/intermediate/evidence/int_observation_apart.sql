-- Grain: observation row that stands so far apart from its neighbours that it is set aside before theirs are judged. The
-- one farthest apart on a line goes first, then the rest of the line is looked at again, in three rounds at most.
--
-- Apart is what departs from the years before and from the years after alike: what departs from one side only belongs to
-- a change of level, of which no year is to blame.
with placed as (
    select
        cell_id,
        series_no,
        ref_area,
        ground_no,
        edition_no,
        ref_year,
        peer_group,
        level,
        {{ least_spread('is_logarithm') }} as least_spread
    from {{ ref('int_observation_level') }}
    where level is not null
),

{{ stands_apart(1) }},

spread as (
    select
        series_no,
        peer_group,
        1.4826 * median(abs(apart)) as apart_spread
    from apart_1
    group by all
),

{{ farthest_apart(1) }},

{{ stands_apart(2) }},

{{ farthest_apart(2) }},

{{ stands_apart(3) }},

{{ farthest_apart(3) }}

select cell_id from culprit_1
union all
select cell_id from culprit_2
union all
select cell_id from culprit_3
