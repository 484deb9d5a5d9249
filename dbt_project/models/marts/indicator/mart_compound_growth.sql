with indicator as (
    select
        registered.indicator,
        {{ compounds('registered') }} as is_compounding
    from {{ ref('dim_indicator') }} as registered
    -- What is a change or a difference already, and may be below zero, has no growth worth its name.
    where registered.quantity = 'money' or coalesce(registered.min_value, 0) >= 0
),

value as (
    select
        found.*,
        indicator.is_compounding
    from {{ ref('mart_indicator_value') }} as found
    inner join indicator on found.indicator = indicator.indicator
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
        when asked.is_compounding and first_value.value > 0 and asked.value > 0
            then 100 * (pow(asked.value / first_value.value, 1.0 / (asked.ref_year - asked.since_year)) - 1)
    end as compound_growth_pct,
    (asked.value - first_value.value) / (asked.ref_year - asked.since_year) as change_per_year,
    asked.basis,
    asked.comparable_with_previous,
    {{ carried_along(['asked', 'first_value']) }}
from asked
inner join value as first_value
    on
        asked.ref_area = first_value.ref_area and asked.indicator = first_value.indicator
        and asked.area_type = first_value.area_type and asked.since_year = first_value.ref_year
where asked.since_year >= asked.comparable_since
