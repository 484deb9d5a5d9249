-- Grain: observation row whose year is declared to be special. What the source declares of it, with where it is written; of
-- several events all are told.
select
    observation.cell_id,
    string_agg(event.reason_en || ' (' || event.citation || ')', '; ' order by event.reason_en, event.citation)
        as declared_event_en,
    string_agg(event.reason_zh || '（' || event.citation || '）', '；' order by event.reason_en, event.citation)
        as declared_event_zh
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
inner join {{ ref('stg_series_event') }} as event
    on
        series.source = event.source
        and series.indicator = event.indicator
        and observation.ref_year = event.ref_year
        and series.area_type = coalesce(event.area_type, series.area_type)
        and observation.ref_area = coalesce(event.ref_area, observation.ref_area)
group by all
