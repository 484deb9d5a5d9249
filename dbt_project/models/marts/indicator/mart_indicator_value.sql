with wide_column as (
    {{ long_form(ref('mart_urban_rural_income'), 'mart_urban_rural_income') }}
    union all
    {{ long_form(ref('mart_urbanization_gap'), 'mart_urbanization_gap') }}
    union all
    {{ long_form(ref('mart_income_structure'), 'mart_income_structure', 'area_type', 'component') }}
    union all
    {{ long_form(ref('mart_income_distribution'), 'mart_income_distribution', 'area_type') }}
    union all
    {{ long_form(ref('mart_income_inequality'), 'mart_income_inequality') }}
    union all
    {{ long_form(ref('mart_inequality_decomposition'), 'mart_inequality_decomposition') }}
    union all
    {{ long_form(ref('mart_income_dispersion'), 'mart_income_dispersion') }}
    union all
    {{ long_form(ref('mart_product'), 'mart_product') }}
    union all
    {{ long_form(ref('mart_income_and_product'), 'mart_income_and_product') }}
    union all
    {{ long_form(ref('mart_dual_structure'), 'mart_dual_structure') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

derived as (
    select
        wide_column.*,
        indicator.indicator,
        coalesce(
            published.value,
            {{ half_up_to('(wide_column.value / indicator.display_multiplier)::decimal(38, 10)', 'indicator.decimals') }}
            * indicator.display_multiplier
        ) as value_published
    from wide_column
    inner join indicator
        on
            wide_column.mart = indicator.mart and wide_column.mart_column = indicator.mart_column
            and (wide_column.component is not distinct from indicator.mart_component)
    -- A mart that rounds by a rule of its own has a column for it.
    left join wide_column as published
        on
            wide_column.mart = published.mart and wide_column.mart_column || '_published' = published.mart_column
            and wide_column.ref_area = published.ref_area and wide_column.ref_year = published.ref_year
            and wide_column.area_type = published.area_type
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
        break_year,
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
        null as break_year,
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
),

-- A computed value may follow a reported one, and years may be missing between two values.
followed as (
    select
        * replace (
            coalesce(
                comparable_with_previous,
                case when lag(ref_year) over series = ref_year - 1 then lag(basis) over series = basis end
            ) as comparable_with_previous
        ),
        lag(basis) over series <> basis
        or (lag(origin) over series = origin and (lag(break_year) over series is distinct from break_year))
            as is_other
    from ordered
    where place = 1
    window series as (partition by ref_area, indicator, area_type order by ref_year)
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
    comparable_with_previous,
    coalesce(
        max(if(not coalesce(comparable_with_previous, true) or is_other, ref_year, null)) over series,
        min(ref_year) over series
    ) as comparable_since,
    obs_status,
    conf_status,
    quality_status,
    vintage
from followed
window series as (partition by ref_area, indicator, area_type order by ref_year)
