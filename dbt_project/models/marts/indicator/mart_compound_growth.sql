with value as (
    select * from {{ ref('mart_indicator_value') }}
),

-- From the last year of the plan before, and over five and ten years.
asked as (
    select
        *,
        unnest(list_distinct([5 * ((ref_year - 1) // 5), ref_year - 5, ref_year - 10])) as since_year
    from value
)

select
    asked.ref_area,
    asked.ref_area_name,
    asked.indicator,
    asked.area_type,
    asked.ref_year,
    asked.since_year::integer as since_year,
    first_value.value as value_since,
    asked.value,
    asked.unit_measure,
    case
        when first_value.value > 0 and asked.value > 0 and {{ compounds('indicator') }}
            then 100 * (pow(asked.value / first_value.value, 1.0 / (asked.ref_year - asked.since_year)) - 1)
    end as compound_growth_pct,
    (asked.value - first_value.value) / (asked.ref_year - asked.since_year) as change_per_year,
    asked.basis,
    asked.comparable_with_previous,
    {{ carried_along(['asked', 'first_value']) }}
from asked
inner join {{ ref('dim_indicator') }} as indicator on asked.indicator = indicator.indicator
inner join value as first_value
    on
        asked.ref_area = first_value.ref_area and asked.indicator = first_value.indicator
        and asked.area_type = first_value.area_type and asked.since_year = first_value.ref_year
where asked.since_year >= asked.comparable_since
