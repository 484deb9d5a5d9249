-- Grain: suspect, slip and number. What may have been meant where a known slip of the hand or of the unit left what is
-- printed; `frequency` is how often such a slip leaves just that, before the number itself is looked at.
with suspect as (
    select
        *,
        length(regexp_replace(printed, '[^0-9]', '', 'g')) as digits
    from {{ ref('int_slip_suspect') }}
    where regexp_full_match(printed, '[0-9]+([.][0-9]+)?')
),

place as (
    select
        cell_id,
        printed,
        digits,
        unnest(range(1, length(printed) + 2)) as place
    from suspect
),

at_place as (
    select
        *,
        left(printed, place - 1) as head,
        substr(printed, place, 1) as here,
        substr(printed, place + 1, 1) as next,
        substr(printed, place + 1) as tail
    from place
),

edited as (
    select
        cell_id,
        'inserted_digit' as slip,
        head || tail as text,
        0.3 / digits as frequency
    from at_place
    where here between '0' and '9'
    union all
    select
        cell_id,
        'dropped_digit' as slip,
        head || digit || here || tail as text,
        0.3 / (10 * (digits + 1)) as frequency
    from at_place
    cross join (select unnest(range(0, 10))::varchar as digit) as ten
    where not (place = 1 and digit = '0')
    union all
    select
        cell_id,
        'swapped_digits' as slip,
        head || next || here || substr(tail, 2) as text,
        0.2 / greatest(digits - 1, 1) as frequency
    from at_place
    where here between '0' and '9' and next between '0' and '9' and here <> next
    union all
    select
        cell_id,
        'misread_percent_sign' as slip,
        regexp_replace(printed, '(96|0)$', '') as text,
        0.2 as frequency
    from suspect
    where quantity = 'rate' and regexp_matches(printed, '[0-9](96|0)$')
),

-- A moved point or another unit: tens and hundreds are mostly a point, from ten thousand on a unit (万, 亿).
scaled as (
    select
        suspect.cell_id,
        case
            when suspect.quantity = 'rate' and abs(power.power) = 2 then 'fraction_or_percent'
            when abs(power.power) >= 3 then 'wrong_unit'
            else 'shifted_decimal'
        end as slip,
        power.power,
        suspect.printed,
        power.frequency
    from suspect
    cross join (
        values
        (-8, 0.1), (-7, 0.01), (-6, 0.02), (-5, 0.01), (-4, 0.3), (-3, 0.1), (-2, 0.15), (-1, 0.3),
        (1, 0.3), (2, 0.15), (3, 0.1), (4, 0.3), (5, 0.01), (6, 0.02), (7, 0.01), (8, 0.1)
    ) as power (power, frequency)
),

-- One hectare is 15 mu, one kilogram two jin.
measured as (
    select
        suspect.cell_id,
        slip.slip,
        slip.factor,
        suspect.printed,
        0.2 as frequency
    from suspect
    inner join (
        values
        ('HECTARES', 'mu_for_hectare', 15.0), ('HECTARES', 'mu_for_hectare', 1 / 15.0),
        ('TONNES', 'jin_for_kilogram', 2.0), ('TONNES', 'jin_for_kilogram', 0.5)
    ) as slip (unit_measure, slip, factor) on suspect.unit_measure = slip.unit_measure
),

proposed as (
    select
        cell_id,
        slip,
        {{ printed_number('text') }} as number,
        frequency
    from edited
    union all
    select
        cell_id,
        slip,
        -- Fifteen digits are all that a DOUBLE keeps of a decimal number.
        try_cast(format('{:.15g}', printed::double / pow(10, power)) as decimal(38, 12)) as number,
        frequency
    from scaled
    union all
    select
        cell_id,
        slip,
        cast(printed::double / factor as decimal(38, 6)) as number,
        frequency
    from measured
),

placed as (
    select
        proposed.cell_id,
        proposed.slip,
        proposed.frequency,
        (proposed.number * suspect.multiplier)::double as value,
        {{ significant_decimals('proposed.number') }} as decimals,
        suspect.decimals_around,
        suspect.usual_distance,
        suspect.reach,
        suspect.is_gross and not suspect.is_confirmed as may_be_any,
        if(suspect.quantity not in ('rate', 'ratio'), log10(value), value) - suspect.expected_position as distance,
        coalesce(abs(value - suspect.implied_value) <= suspect.implied_tolerance, false) as closes_identity
    from proposed
    inner join suspect on proposed.cell_id = suspect.cell_id
    where proposed.number > 0 and value <> suspect.obs_value
)

-- The likelihood of the number: whether it closes an identity, else how far it lies from what is told, with the heavy tails
-- of Cauchy's distribution, since real figures jump; and whether it has as many decimals as the years around (a zero
-- at the end of a whole number comes once in ten).
select
    cell_id,
    slip,
    value,
    distance,
    closes_identity,
    frequency
    * if(closes_identity, 1, 0.01 / (1 + pow(distance / usual_distance, 2)))
    * (len(list_filter(decimals_around, lambda around: around = greatest(decimals, 0))) + 0.2) / (len(decimals_around) + 1)
    * pow(0.1, greatest(-decimals, 0)) as weight
from placed
where closes_identity or (may_be_any and abs(distance) <= reach)
union all
-- The number that an identity asks for, whatever slip it was.
select
    cell_id,
    'breaks_identity' as slip,
    implied_value as value,
    if(quantity not in ('rate', 'ratio'), log10(implied_value), implied_value) - expected_position as distance,
    true as closes_identity,
    0.001 as weight
from {{ ref('int_slip_suspect') }}
where (is_gross or is_zero) and implied_value > 0 and abs(distance) <= 2 * reach
