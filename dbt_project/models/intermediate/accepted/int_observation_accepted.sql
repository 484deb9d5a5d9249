-- Grain: observation row that no rule calls an error, or that a person decided to accept as it is, with the order in
-- which several of one concept are in force:
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
    observation.* exclude (series_no, edition_no, key_count, review_outcome),
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
    case
        when observation.review_outcome is not null then 'overridden'
        when verdict.is_warning then 'flagged'
        else 'passed'
    end as quality_status
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
inner join {{ ref('stg_source') }} as source on series.source = source.source
inner join {{ ref('stg_file') }} as file on observation.file_id = file.file_id
inner join {{ ref('int_ref_area_by_year') }} as area
    on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
left join verdict on observation.cell_id = verdict.cell_id
where observation.review_outcome = 'accept' or not coalesce(verdict.is_error, false)
-- Where a key stands twice in one file and both were accepted, the later row holds.
qualify
    observation.key_count = 1
    or row_number() over (
        partition by
            observation.series_no, observation.ref_area, observation.time_period, observation.vintage,
            observation.file_id
        order by observation.cell_id desc
    ) = 1
