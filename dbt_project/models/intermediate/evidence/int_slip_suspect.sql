-- Grain: observation row that a slip of the hand may explain: it lies far from what is told of it, is zero where it should
-- not be, or belongs to an identity that does not close. What closes an identity is confirmed by it: single figures of it
-- can hardly be wrong, though two of them may be in each other's place.
with member as (
    select
        cell_id,
        arg_max(implied_value, (abs(residual), identity)) filter (where abs(residual) > 1.01 * tolerance) as implied_value,
        arg_max(tolerance, (abs(residual), identity)) filter (where abs(residual) > 1.01 * tolerance) as implied_tolerance
    from {{ ref('int_identity_member') }}
    where residual is not null
    group by all
),

judged as (
    select
        trend.*,
        observation.obs_value,
        observation.series_no,
        observation.ref_area,
        observation.ref_year,
        observation.file_id,
        observation.multiplier,
        indicator.quantity,
        indicator.unit_measure,
        series.indicator,
        series.area_type,
        series.usual_printed_decimals as decimals_of_series,
        member.implied_value,
        member.implied_tolerance,
        member.cell_id is not null and member.implied_value is null as is_confirmed,
        -- What a person put in place of a printed number may be wrong as well.
        if(
            observation.original_value is null,
            {{ bare_number(without_marks('cell.value_text')) }},
            format('{:.15g}', observation.obs_value / observation.multiplier)
        ) as printed,
        case trend.expectation
            when 'neighbours' then abs(trend.deviation_z) > 4
            when 'peers' then abs(trend.distance) > greatest(6 * trend.expected_spread, log10(3))
            else false
        end as is_outlier,
        coalesce(
            observation.obs_value = 0 and trend.expectation = 'neighbours' and trend.expected_value > 0
            and (member.cell_id is null or member.implied_value is not null), false
        ) as is_zero
    from {{ ref('int_observation_trend') }} as trend
    inner join {{ ref('int_observation') }} as observation on trend.cell_id = observation.cell_id
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
    left join member on trend.cell_id = member.cell_id
),

suspect as (
    select * from judged
    where is_outlier or is_zero or implied_value is not null
),

-- With how many decimals an area is printed in the years around.
line as (
    select
        suspect.cell_id,
        list(observation.printed_decimals) as printed_decimals
    from suspect
    inner join {{ ref('int_observation') }} as observation
        on
            suspect.series_no = observation.series_no and suspect.ref_area = observation.ref_area
            and abs(suspect.ref_year - observation.ref_year) between 1 and 3
    group by all
)

select
    suspect.cell_id,
    series_no,
    ref_area,
    ref_year,
    file_id,
    indicator,
    area_type,
    quantity,
    unit_measure,
    multiplier,
    coalesce(line.printed_decimals, [decimals_of_series]) as decimals_around,
    obs_value,
    printed,
    position,
    expectation,
    expected_position,
    expected_value,
    usual_distance,
    -- A candidate within 15 % of what is told, or 3 points, is near enough to be proposed.
    greatest(3 * usual_distance, if(quantity not in ('rate', 'ratio'), log10(1.15), 3.0)) as reach,
    is_outlier,
    is_zero,
    is_confirmed,
    -- A fifth off, or 4 points, and beyond what is usual; half as much in a very calm series. Less may be real, and some
    -- slip would always explain it.
    is_outlier and (
        abs(distance) > greatest(5 * usual_distance, if(quantity not in ('rate', 'ratio'), log10(1.2), 4.0))
        or abs(distance) > greatest(15 * usual_distance, if(quantity not in ('rate', 'ratio'), log10(1.1), 2.0))
    ) as is_gross,
    implied_value,
    implied_tolerance
from suspect
left join line on suspect.cell_id = line.cell_id
