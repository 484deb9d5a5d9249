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
stepped as (
    select
        *,
        lag(ref_year) over series as year_before,
        lag(basis) over series as basis_before,
        ref_year - lag(ref_year) over series > 1 or lag(origin) over series <> origin as is_apart
    from ordered
    where place = 1
    window series as (partition by ref_area, indicator, area_type order by ref_year)
),

ground as (
    {{ changed_ground(ref('dim_ref_area_change')) }}
),

-- What follows from others breaks where one of them does.
input_break as (
    select
        follows.indicator,
        series_break.ref_area,
        series_break.ref_year
    from (
        select
            indicator.indicator,
            unnest(string_split(indicator.derived_from, ' ')) as input
        from indicator
    ) as follows
    inner join {{ ref('dim_series_break') }} as series_break on follows.input = series_break.indicator
),

crossed as (
    select
        stepped.ref_area,
        stepped.indicator,
        stepped.area_type,
        stepped.ref_year
    from stepped
    inner join ground
        on
            stepped.ref_area = ground.ref_area and stepped.year_before < ground.ref_year
            and stepped.ref_year >= ground.ref_year
    where stepped.is_apart
    union
    select
        stepped.ref_area,
        stepped.indicator,
        stepped.area_type,
        stepped.ref_year
    from stepped
    inner join input_break
        on
            stepped.indicator = input_break.indicator and stepped.year_before < input_break.ref_year
            and stepped.ref_year >= input_break.ref_year
            and stepped.ref_area = coalesce(input_break.ref_area, stepped.ref_area)
    where stepped.is_apart and stepped.origin = 'derived'
),

followed as (
    select
        stepped.*,
        stepped.basis <> stepped.basis_before
        or coalesce(stepped.break_year > stepped.year_before, false)
        or not coalesce(stepped.comparable_with_previous, true)
        or crossed.ref_year is not null as is_broken
    from stepped
    left join crossed
        on
            stepped.ref_area = crossed.ref_area and stepped.indicator = crossed.indicator
            and stepped.area_type = crossed.area_type and stepped.ref_year = crossed.ref_year
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
    case when year_before = ref_year - 1 then not is_broken end as comparable_with_previous,
    max(if(is_broken, ref_year, null)) over series as broken_in,
    coalesce(max(if(is_broken, ref_year, null)) over series, min(ref_year) over series) as comparable_since,
    obs_status,
    conf_status,
    quality_status,
    vintage
from followed
window series as (partition by ref_area, indicator, area_type order by ref_year)
