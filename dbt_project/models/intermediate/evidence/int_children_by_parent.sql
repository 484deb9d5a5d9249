-- Grain: observation row of an area some of whose children by the map of the year have a figure of the same source,
-- definition, basis and vintage, each as it was last sent. What the children add up to, between which of them the parent
-- must lie, and their mean weighted by the denominators of the same basis and vintage; NULL where one of them is missing.
-- Special areas are counted in only where the sum comes nearer with them.
with kin as (
    select
        *,
        dense_rank() over (order by source, freq, accumulation, area_type, basis, indicator, definition) as kin_no
    from {{ ref('int_series') }}
),

-- Where the source has two definitions of the denominator, none is the denominator.
weighing as (
    select
        kin.kin_no,
        max(weight.kin_no) as weight_kin_no
    from kin
    inner join {{ ref('denominator') }} as denominator on kin.indicator = denominator.indicator
    inner join kin as weight
        on
            denominator.denominator = weight.indicator
            and kin.source = weight.source and kin.freq = weight.freq and kin.accumulation = weight.accumulation
            and kin.area_type = weight.area_type and kin.basis = weight.basis
    group by all
    having count(distinct weight.kin_no) = 1
),

figure as (
    select
        kin.kin_no,
        kin.indicator,
        observation.cell_id,
        observation.vintage,
        observation.ref_area,
        observation.ref_year,
        observation.time_period,
        observation.exact_value,
        0.5 * observation.multiplier / pow(10, observation.printed_decimals) as half_unit
    from {{ ref('int_observation') }} as observation
    inner join kin on observation.series_no = kin.series_no
    qualify row_number() over (
            partition by kin.kin_no, observation.vintage, observation.ref_area, observation.time_period
            order by observation.cell_id desc
        ) = 1
),

whole as (
    select
        figure.*,
        map.children
    from figure
    inner join {{ ref('int_area_children_by_year') }} as map
        on figure.ref_area = map.ref_area and figure.ref_year = map.ref_year
),

part as (
    select
        figure.*,
        area.parent,
        area.level = 'special' as is_special
    from figure
    inner join {{ ref('int_ref_area_by_year') }} as area
        on figure.ref_area = area.ref_area and figure.ref_year = area.ref_year
    semi join whole
        on
            area.parent = whole.ref_area and figure.kin_no = whole.kin_no
            and figure.vintage = whole.vintage and figure.time_period = whole.time_period
    where figure.ref_area not in ('710000', '810000', '820000') and coalesce(area.area_years_off, 0) = 0
),

summed as (
    select
        part.kin_no,
        part.vintage,
        part.time_period,
        part.parent,
        count_if(not part.is_special) as found,
        sum(part.exact_value) filter (where not part.is_special) as plain_sum,
        coalesce(sum(part.exact_value) filter (where part.is_special), 0) as special_sum,
        sum(part.half_unit) as half_units,
        (min(part.exact_value) filter (where not part.is_special))::double as least_value,
        (max(part.exact_value) filter (where not part.is_special))::double as greatest_value,
        max(part.half_unit) as half_unit,
        count(weight.exact_value) filter (where not part.is_special) as weighed,
        sum(part.exact_value::double * weight.exact_value::double) filter (where not part.is_special)
        / nullif(sum(weight.exact_value::double) filter (where not part.is_special), 0) as mean,
        sum(weight.half_unit) filter (where not part.is_special)
        / nullif(sum(weight.exact_value::double) filter (where not part.is_special), 0) as weight_error,
        count_if(coalesce(suspect.is_gross, false)) as gross_children,
        count_if(coalesce(weight_suspect.is_gross, false)) as gross_weights,
        max(if(suspect.is_gross, part.cell_id, null)) as gross_cell_id
    from part
    left join weighing on part.kin_no = weighing.kin_no
    left join figure as weight
        on
            weighing.weight_kin_no = weight.kin_no and part.vintage = weight.vintage
            and part.ref_area = weight.ref_area and part.time_period = weight.time_period
    left join {{ ref('int_slip_suspect') }} as suspect on part.cell_id = suspect.cell_id
    left join {{ ref('int_slip_suspect') }} as weight_suspect on weight.cell_id = weight_suspect.cell_id
    group by all
),

known as (
    select
        whole.cell_id,
        whole.ref_area as whole_area,
        whole.ref_year,
        whole.children,
        summed.found = whole.children as is_complete,
        indicator.is_additive,
        not indicator.is_additive
        and (indicator.quantity in ('rate', 'ratio') or denominator.indicator is not null) as is_mean,
        -- What is grossly out of its own line is judged by itself and spoils the mean.
        indicator.quantity = 'rate' and summed.weighed = summed.found
        and summed.gross_children = 0 and summed.gross_weights = 0 as is_weighed,
        whole.exact_value::double as whole_value,
        whole.half_unit,
        summed.* exclude (half_unit),
        summed.half_unit as child_half_unit,
        summed.plain_sum
        + if(
            abs(summed.plain_sum + summed.special_sum - whole.exact_value) < abs(summed.plain_sum - whole.exact_value),
            summed.special_sum, 0
        ) as whole_sum
    from whole
    inner join summed
        on
            whole.kin_no = summed.kin_no and whole.vintage = summed.vintage
            and whole.time_period = summed.time_period and whole.ref_area = summed.parent
    inner join {{ ref('stg_indicator') }} as indicator on whole.indicator = indicator.indicator
    left join {{ ref('denominator') }} as denominator on whole.indicator = denominator.indicator
    where summed.found > 0
)

select
    cell_id,
    whole_area,
    ref_year,
    whole_value,
    gross_children,
    gross_cell_id,
    is_additive,
    if(is_mean, children, null)::integer as children_asked,
    if(is_additive and is_complete, whole_sum::double, null) as children_sum,
    case when is_additive and is_complete and whole_value > 0
            then 100 * (whole_sum::double / whole_value - 1)
    end as children_difference_pct,
    case when is_additive and is_complete and whole_value > 0
            then 100 * (half_units + half_unit) / whole_value
    end as children_rounding_pct,
    if(is_mean and is_complete, least_value - child_half_unit - half_unit, null) as children_low,
    if(is_mean and is_complete, greatest_value + child_half_unit + half_unit, null) as children_high,
    -- 0 at the least of the children, 1 at the greatest.
    (whole_value - children_low) / (children_high - children_low) as children_position,
    if(is_weighed and is_complete, mean, null) as children_mean,
    -- Of the rates, and of their weights, which tell the less the nearer the rates are to each other.
    if(is_weighed and is_complete, half_unit + child_half_unit + (greatest_value - least_value) * weight_error, null)
        as children_mean_rounding
from known
