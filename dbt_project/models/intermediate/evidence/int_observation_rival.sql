-- Grain: observation row in force of its source, of a concept that another source gives as well: the same area, period,
-- indicator, area type and basis, from vintages within a year of each other. What lies further apart in time is a
-- revision. Of several rivals the one of the highest authority.
with held as (
    select
        observation.cell_id,
        observation.ref_area,
        observation.time_period,
        observation.vintage,
        observation.obs_value,
        abs(trend.deviation_z) as deviation,
        series.source,
        series.freq,
        series.accumulation,
        series.indicator,
        series.area_type,
        series.basis,
        source.authority,
        list_position(['yearbook', 'release', 'report'], source.authority) as authority_rank,
        coalesce(source.priority, 1000) as priority,
        -- Half a unit of the last printed place.
        0.5 * observation.multiplier
        / pow(10, coalesce({{ printed_decimals('cell.value_text', 'cell.raw_text is null') }}, 0)) as rounding
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_source') }} as source on series.source = source.source
    inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
    left join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    where observation.edition_no = 1
)

select
    own.cell_id,
    rival.source as rival_source,
    rival.authority as rival_authority,
    rival.obs_value as rival_value,
    case
        when abs(own.obs_value - rival.obs_value) <= (own.rounding + rival.rounding) * 1.0001 then 0
        when own.obs_value <> 0 or rival.obs_value <> 0
            then 200 * abs(own.obs_value - rival.obs_value) / (abs(own.obs_value) + abs(rival.obs_value))
    end as rival_difference_pct,
    -- Of equal authority the one that lies farther from what its own series tells; one that has no series is not accused
    -- by another that is strange itself. Else the one that ranks lower.
    case
        when own.authority_rank <> rival.authority_rank then own.authority_rank > rival.authority_rank
        when own.deviation <> rival.deviation then own.deviation > rival.deviation
        when own.deviation is null and rival.deviation > 4 then false
        when rival.deviation is null and own.deviation > 4 then true
        else (own.priority, own.source) > (rival.priority, rival.source)
    end as rival_suspect
from held as own
inner join held as rival
    on
        own.ref_area = rival.ref_area and own.freq = rival.freq and own.time_period = rival.time_period
        and own.accumulation = rival.accumulation and own.indicator = rival.indicator
        and own.area_type = rival.area_type and own.basis = rival.basis
        and own.source <> rival.source and abs(own.vintage - rival.vintage) <= 366
qualify
    row_number() over (
        partition by own.cell_id
        order by
            rival.authority_rank, abs(own.vintage - rival.vintage), rival.priority, rival.source, rival.cell_id
    ) = 1
