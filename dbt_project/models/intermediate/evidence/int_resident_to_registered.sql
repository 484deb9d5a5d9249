-- Grain: observation row of resident or registered population of which the other one is known for the same area, period,
-- source and vintage. Judged on the residents, unless only the registered stand out of their own line.
with figure as (
    select
        observation.cell_id,
        observation.vintage,
        observation.ref_area,
        observation.time_period,
        observation.obs_value,
        series.source,
        series.freq,
        series.accumulation,
        series.area_type,
        series.indicator,
        coalesce(suspect.is_outlier or suspect.is_zero, false) as is_outlier
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    left join {{ ref('int_slip_suspect') }} as suspect on observation.cell_id = suspect.cell_id
    where series.indicator in ('resident_population', 'registered_population')
),

paired as (
    select
        arg_max({ 'cell_id': cell_id, 'value': obs_value, 'is_outlier': is_outlier }, cell_id)
        filter (where indicator = 'resident_population') as resident,
        arg_max({ 'cell_id': cell_id, 'value': obs_value, 'is_outlier': is_outlier }, cell_id)
        filter (where indicator = 'registered_population') as registered
    from figure
    group by source, freq, accumulation, area_type, vintage, ref_area, time_period
)

select
    if(
        registered['is_outlier'] and not resident['is_outlier'], registered['cell_id'], resident['cell_id']
    ) as cell_id,
    resident['value'] as residents,
    registered['value'] as registrants,
    resident['value'] / registered['value'] as resident_to_registered
from paired
where resident['value'] is not null and registered['value'] > 0
