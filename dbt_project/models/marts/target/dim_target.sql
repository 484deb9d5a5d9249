with unit as (
    select
        plain_unit,
        unit_measure,
        min(multiplier) as multiplier
    from {{ ref('stg_unit') }}
    group by all
),

area as (
    select
        ref_area,
        name_zh
    from {{ ref('int_ref_area') }}
    qualify row_number() over (partition by ref_area order by valid_from desc) = 1
)

select
    target.target_id,
    target.document,
    target.section,
    target.ref_area,
    area.name_zh as ref_area_name,
    target.indicator,
    target.area_type,
    target.comparator,
    (target.value * unit.multiplier)::double as value,
    unit.unit_measure,
    -- Where the target says no base year, the year before the plan begins.
    coalesce(
        target.base_year, if(target.kind in ('context', 'actual'), null, coalesce(target.period_start - 1, document.base_year))
    ) as base_year,
    (target.base_value * unit.multiplier)::double as base_value,
    case
        when target.base_year is not null then 'stated'
        when target.kind in ('context', 'actual') then null
        when coalesce(target.period_start - 1, document.base_year) is not null then 'inferred'
    end as base_year_source,
    target.period_start,
    target.target_year,
    target.year_source,
    target.kind,
    target.commitment,
    target.printed_comparator,
    target.value as printed_value,
    target.unit as printed_unit,
    target.printed_text,
    target.departments,
    target.ocr_damaged,
    target.source_line,
    target.note
from {{ ref('stg_target') }} as target
left join unit
    on
        unit.plain_unit in ({{ plain_unit('target.unit') }}, {{ plain_unit('upper(target.unit)') }})
        and unit.unit_measure = (
            select if(target.kind = 'annual_growth_target', 'PCT', any_value(indicator.unit_measure))
            from {{ ref('stg_indicator') }} as indicator
            where indicator.indicator = target.indicator
        )
left join area on target.ref_area = area.ref_area
left join {{ ref('stg_document') }} as document on target.document = document.document
