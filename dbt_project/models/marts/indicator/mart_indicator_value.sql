with derived_column as (
    {{ long_form(ref('mart_urban_rural_income'), 'mart_urban_rural_income') }}
    union all
    {{ long_form(ref('mart_urbanization_gap'), 'mart_urbanization_gap') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

derived as (
    select
        derived_column.* exclude (value_published),
        indicator.indicator,
        coalesce(
            derived_column.value_published,
            {{ half_up_to('(derived_column.value / indicator.display_multiplier)::decimal(38, 10)', 'indicator.decimals') }}
            * indicator.display_multiplier
        ) as value_published
    from derived_column
    inner join indicator
        on derived_column.mart = indicator.mart and derived_column.mart_column = indicator.mart_column
),

stacked as (
    select
        ref_area,
        ref_area_name,
        ref_year,
        indicator,
        area_type,
        'observed' as origin,
        obs_value as value,
        obs_value as value_published,
        half_unit,
        basis,
        comparable_with_previous,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from {{ ref('fct_observation') }}
    where freq = 'A' and accumulation = 'period'
    union all
    select
        ref_area,
        ref_area_name,
        ref_year,
        indicator,
        area_type,
        'derived' as origin,
        value,
        value_published,
        null as half_unit,
        basis,
        comparable_with_previous,
        obs_status,
        conf_status,
        quality_status,
        vintage
    from derived
),

-- Where a figure is both reported and computed, the registry says which is shown.
ordered as (
    select
        stacked.*,
        indicator.unit_measure,
        lead(stacked.value) over concept as alternative_value,
        row_number() over concept as place
    from stacked
    inner join indicator on stacked.indicator = indicator.indicator
    window concept as (
        partition by stacked.ref_area, stacked.ref_year, stacked.indicator, stacked.area_type
        order by (stacked.origin = 'observed') <> (indicator.prefer = 'published')
    )
)

select
    ref_area,
    ref_area_name,
    ref_year,
    indicator,
    area_type,
    value,
    value - half_unit as value_low,
    value + half_unit as value_high,
    value_published,
    unit_measure,
    origin,
    alternative_value,
    basis,
    -- A computed value may follow a reported one.
    coalesce(
        comparable_with_previous,
        case when lag(ref_year) over series = ref_year - 1 then lag(basis) over series = basis end
    ) as comparable_with_previous,
    obs_status,
    conf_status,
    quality_status,
    vintage
from ordered
where place = 1
window series as (partition by ref_area, indicator, area_type order by ref_year)
