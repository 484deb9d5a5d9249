-- Grain: observation row of a figure that a target asks to be summed up, from the second year of the target's period to its
-- last: the total so far, which cannot be less than that of the year before. A new period begins anew.
select distinct observation.cell_id
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
inner join {{ ref('stg_target') }} as target
    on
        observation.ref_area = target.ref_area and series.indicator = target.indicator
        and series.area_type = target.area_type
        and observation.ref_year <= coalesce(target.target_year, 9999)
left join {{ ref('stg_document') }} as document on target.document = document.document
where
    target.kind = 'cumulative_target'
    and observation.ref_year > coalesce(target.period_start, document.base_year)
