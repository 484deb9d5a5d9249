-- Grain: observation row of a total that is part of another area's, by the latest value of it of the same basis from any
-- source; and the row of a whole that two parts or more exceed, since one wrong whole is likelier than two wrong parts.
-- Those parts are not judged then, nor those of a whole that is grossly out of its own line.
with concept as (
    select
        series.series_no,
        dense_rank() over (
            order by series.freq, series.accumulation, series.indicator, series.area_type, series.basis
        ) as concept_no
    from {{ ref('int_series') }} as series
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    where indicator.is_additive
),

figure as (
    select
        concept.concept_no,
        observation.cell_id,
        observation.vintage,
        observation.ref_area,
        observation.ref_year,
        observation.time_period,
        observation.edition_no,
        observation.obs_value
    from {{ ref('int_observation') }} as observation
    inner join concept on observation.series_no = concept.series_no
),

latest as (
    select * from figure
    where edition_no = 1
    qualify row_number() over (
            partition by concept_no, ref_area, time_period order by vintage desc, cell_id desc
        ) = 1
),

whole as (
    select latest.* from latest
    anti join {{ ref('int_slip_suspect') }} as suspect on latest.cell_id = suspect.cell_id and suspect.is_gross
    where latest.obs_value > 0
),

part as (
    select
        figure.cell_id,
        figure.ref_area,
        figure.obs_value,
        whole.cell_id as whole_cell_id,
        whole.obs_value as containing_value,
        figure.obs_value / whole.obs_value as part_ratio
    from figure
    inner join {{ ref('int_ref_area_by_year') }} as area
        on figure.ref_area = area.ref_area and figure.ref_year = area.ref_year
    inner join whole
        on
            figure.concept_no = whole.concept_no and area.parent = whole.ref_area
            and figure.time_period = whole.time_period
),

exceeded as (
    select
        whole_cell_id,
        any_value(containing_value) as containing_value,
        max(obs_value) as part_value,
        max(part_ratio) as part_ratio
    from part
    group by all
    having count(distinct case when part_ratio > 1 then ref_area end) >= 2
),

judged as (
    select
        part.cell_id,
        part.obs_value as part_value,
        part.containing_value,
        part.part_ratio
    from part
    anti join exceeded on part.whole_cell_id = exceeded.whole_cell_id
    union all
    select
        whole_cell_id as cell_id,
        part_value,
        containing_value,
        part_ratio
    from exceeded
)

select * from judged
qualify row_number() over (partition by cell_id order by part_ratio desc) = 1
