-- Grain: observation row of a figure that follows from others which are held as well (a ratio, a difference, a growth rate,
-- product per head). What follows from them, whichever source they are of, and how far apart the two may lie by the printed
-- digits of all.
with result as (
    select
        observation.cell_id,
        observation.ref_area,
        observation.ref_year,
        series.indicator,
        series.basis,
        0.5 * observation.multiplier / pow(10, observation.printed_decimals) as half_unit
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    where
        series.freq = 'A' and series.accumulation = 'period' and series.area_type = 'total'
        and series.indicator in (
            'urban_rural_income_ratio', 'income_gap', 'growth_urban_nominal', 'growth_rural_nominal', 'urbanization_gap',
            'gdp_per_capita', 'labour_share', 'median_to_mean_income', 'income_to_gdp_per_capita'
        )
),

-- The figures that they follow from, of each the one that would be in force. Incomes are of the basis of the result.
input as (
    select
        observation.ref_area,
        observation.ref_year,
        case series.indicator
            when 'disposable_income_per_capita' then 'income_' || series.area_type
            else series.indicator
        end as item,
        if(series.indicator = 'disposable_income_per_capita', series.basis, null) as income_basis,
        series.basis as own_basis,
        series.break_year,
        observation.obs_value,
        0.5 * observation.multiplier / pow(10, observation.printed_decimals) as half_unit,
        row_number() over (
            partition by observation.ref_area, observation.ref_year, series.indicator, series.area_type, income_basis
            order by
                list_position(['yearbook', 'release', 'report'], source.authority) asc, observation.vintage desc,
                source.priority asc, observation.cell_id desc
        ) as place
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_source') }} as source on series.source = source.source
    where
        observation.edition_no = 1 and series.freq = 'A' and series.accumulation = 'period'
        and (
            series.indicator = 'disposable_income_per_capita'
            or (
                series.area_type = 'total' and series.indicator in (
                    'gdp', 'gdp_per_capita', 'resident_population', 'resident_urbanization_rate',
                    'registered_urbanization_rate', 'compensation_of_employees', 'median_disposable_income_per_capita'
                )
            )
        )
        and observation.ref_area in (select result.ref_area from result)
),

-- Product is divided by the mean of the residents at two year ends.
figure as (
    select * from input
    where place = 1
    union all by name
    select
        now.ref_area,
        now.ref_year,
        'residents_mean' as item,
        cast(null as varchar) as income_basis,
        now.own_basis,
        now.break_year,
        (now.obs_value + before.obs_value) / 2 as obs_value,
        (now.half_unit + before.half_unit) / 2 as half_unit
    from input as now
    inner join input as before
        on
            now.ref_area = before.ref_area and now.item = before.item and now.ref_year = before.ref_year + 1
            and now.own_basis = before.own_basis
    where now.item = 'resident_population' and now.place = 1 and before.place = 1
),

-- One figure over or less another, each with what rounding leaves open.
paired as (
    select
        result.cell_id,
        follows.form,
        result.half_unit,
        one.obs_value as one_value,
        one.half_unit as one_half_unit,
        other.obs_value as other_value,
        other.half_unit as other_half_unit
    from result
    inner join (
        values
        ('urban_rural_income_ratio', 'income_urban', 'income_rural', 0, 'quotient'),
        ('income_gap', 'income_urban', 'income_rural', 0, 'difference'),
        ('growth_urban_nominal', 'income_urban', 'income_urban', 1, 'growth'),
        ('growth_rural_nominal', 'income_rural', 'income_rural', 1, 'growth'),
        ('urbanization_gap', 'resident_urbanization_rate', 'registered_urbanization_rate', 0, 'difference'),
        ('gdp_per_capita', 'gdp', 'residents_mean', 0, 'quotient'),
        ('labour_share', 'compensation_of_employees', 'gdp', 0, 'percent'),
        ('median_to_mean_income', 'median_disposable_income_per_capita', 'income_total', 0, 'percent'),
        ('income_to_gdp_per_capita', 'income_total', 'gdp_per_capita', 0, 'percent')
    ) as follows (indicator, one_item, other_item, years_before, form)
        on result.indicator = follows.indicator
    inner join figure as one
        on
            result.ref_area = one.ref_area and result.ref_year = one.ref_year and follows.one_item = one.item
            and (one.income_basis is null or result.basis = one.income_basis)
    inner join figure as other
        on
            result.ref_area = other.ref_area and result.ref_year = other.ref_year + follows.years_before
            and follows.other_item = other.item and (other.income_basis is null or result.basis = other.income_basis)
            and (follows.form <> 'growth' or (one.break_year is not distinct from other.break_year))
),

computed as (
    select
        cell_id,
        half_unit,
        case form
            when 'difference' then one_value - other_value
            when 'growth' then 100 * (one_value / other_value - 1)
            when 'percent' then 100 * one_value / other_value
            else one_value / other_value
        end as result_recomputed,
        case
            when form = 'difference' then one_half_unit + other_half_unit
            else
                if(form = 'quotient', 1, 100)
                * (one_half_unit / other_value + one_value * other_half_unit / pow(other_value, 2))
        end as half_width
    from paired
    where other_value > 0
)

-- A thousandth more than rounding allows, for what binary fractions lose.
select
    cell_id,
    result_recomputed,
    1.001 * (half_unit + half_width) as result_tolerance
from computed
