-- Grain: observation row and accounting identity that it is part of, of figures of one source, basis and vintage, each as
-- it was last sent. The residual is the sum of the parts less the whole; the tolerance is half a unit of the last
-- printed place of every figure. `implied_value` would close the identity. Where a part is missing nothing
-- can be added up: the whole stands alone then, with a residual that is NULL.
with identity as (
    select
        *,
        count(*) over (partition by identity) as members
    from {{ ref('identity') }}
),

member as (
    select
        identity.identity,
        identity.is_whole,
        identity.members,
        series.source,
        series.basis,
        series.freq,
        series.accumulation,
        observation.cell_id,
        observation.vintage,
        observation.ref_area,
        observation.time_period,
        observation.exact_value,
        0.5 * observation.multiplier / pow(10, observation.printed_decimals) as half_unit
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join identity on series.indicator = identity.indicator and series.area_type = identity.area_type
    qualify row_number() over (
            partition by
                identity.identity, series.series_no, observation.vintage, observation.ref_area, observation.time_period
            order by observation.cell_id desc
        ) = 1
),

combined as (
    select
        *,
        sum(if(is_whole, -exact_value, exact_value)) over combination as residual,
        sum(half_unit) over combination as tolerance,
        count(*) over combination = members as is_complete,
        max(if(is_whole, cell_id, null)) over combination as whole_cell_id
    from member
    window combination as (
        partition by identity, source, basis, freq, accumulation, vintage, ref_area, time_period
    )
)

select
    cell_id,
    identity,
    is_whole,
    whole_cell_id,
    if(is_complete, residual::double, null) as residual,
    if(is_complete, tolerance, null) as tolerance,
    if(is_complete, (exact_value + if(is_whole, residual, -residual))::double, null) as implied_value
from combined
where is_complete or is_whole
