-- Grain: observation row that lies far from its expectation (by more than a third, in money or persons). What
-- known slip of the hand would explain it: a power of ten, or one digit too many or two digits swapped.
with suspect as (
    select
        observation.cell_id,
        observation.multiplier,
        trend.expected_value,
        trend.deviation,
        cell.value_text as printed
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
    where indicator.quantity in ('money', 'persons') and abs(trend.deviation) > log10(4 / 3.0)
),

edited as (
    select
        cell_id,
        'inserted_digit' as edit,
        left(printed, place - 1) || substr(printed, place + 1) as text
    from suspect
    cross join lateral (select unnest(range(1, length(printed) + 1)) as place) as places
    where substr(printed, place, 1) between '0' and '9'
    union
    select
        cell_id,
        'swapped_digits' as edit,
        left(printed, place - 1) || substr(printed, place + 1, 1) || substr(printed, place, 1) || substr(printed, place + 2)
            as text
    from suspect
    cross join lateral (select unnest(range(1, length(printed))) as place) as places
    where
        substr(printed, place, 1) between '0' and '9' and substr(printed, place + 1, 1) between '0' and '9'
        and substr(printed, place, 1) <> substr(printed, place + 1, 1)
),

candidate as (
    select distinct
        suspect.cell_id,
        edited.edit,
        (edited_value.number * suspect.multiplier)::double as value,
        abs(log10((edited_value.number * suspect.multiplier)::double / suspect.expected_value)) as distance
    from suspect
    inner join edited on suspect.cell_id = edited.cell_id
    cross join lateral (select {{ printed_number('edited.text') }} as number) as edited_value
    where edited_value.number > 0
),

-- A candidate must lie within 15 % of the expectation; two different ones equally near give none.
best as (
    select
        cell_id,
        arg_min(value, distance) as digit_candidate,
        arg_min(edit, distance) as digit_edit
    from candidate
    where distance < log10(1.15)
    group by cell_id
)

select
    suspect.cell_id,
    power.scale_power,
    (observation.exact_value / pow(10, power.scale_power))::double as scale_candidate,
    best.digit_candidate,
    best.digit_edit
from suspect
inner join {{ ref('int_observation') }} as observation on suspect.cell_id = observation.cell_id
cross join
    lateral (
        select
            case
                when
                    abs(suspect.deviation - round(suspect.deviation)) < log10(1.15) and round(suspect.deviation) <> 0
                    then round(suspect.deviation)::integer
            end as scale_power
    ) as power
left join best on suspect.cell_id = best.cell_id
