-- Grain: observation row that no rule calls an error, with the order in which several of one concept are in force:
-- the higher authority (yearbook, release, report), then the later vintage, then the declared priority of the source.
with verdict as (
    select
        cell_id,
        bool_or(severity = 'error') as is_error,
        bool_or(severity = 'warning') as is_warning
    from {{ ref('stg_verdict') }}
    where outcome = 'fail'
    group by all
)

select
    observation.* exclude (series_no, edition_no, key_count),
    series.source,
    series.freq,
    series.accumulation,
    series.indicator,
    series.area_type,
    series.definition,
    series.basis,
    series.break_year,
    indicator.unit_measure,
    area.name_zh as ref_area_name,
    file.received_at,
    source.priority,
    list_position(['yearbook', 'release', 'report'], source.authority) as authority_rank,
    if(coalesce(verdict.is_warning, false), 'flagged', 'passed') as quality_status
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
inner join {{ ref('stg_source') }} as source on series.source = source.source
inner join {{ ref('stg_file') }} as file on observation.file_id = file.file_id
inner join {{ ref('int_ref_area_by_year') }} as area
    on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
left join verdict on observation.cell_id = verdict.cell_id
where not coalesce(verdict.is_error, false)
