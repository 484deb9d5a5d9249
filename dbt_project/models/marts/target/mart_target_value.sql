with target as (
    select
        target.*,
        if({{ compounds('indicator') }}, false, true) as is_rate,
        -- The way that is wanted: as the comparator says or, where it says none, as is good for the indicator.
        case
            when target.comparator in ('>=', '>', 'up') then 1
            when target.comparator in ('<=', '<', 'down') then -1
            else nullif(indicator.direction, 0)
        end as way
    from {{ ref('dim_target') }} as target
    inner join {{ ref('dim_indicator') }} as indicator on target.indicator = indicator.indicator
    where target.kind not in ('context', 'actual')
),

value as (
    select
        *,
        coalesce(value_low, value) as low,
        coalesce(value_high, value) as high
    from {{ ref('mart_indicator_value') }}
),

-- The value that progress counts from: as stated, or that of the base year, or the first after it.
base as (
    select
        target.target_id,
        target.base_year as ref_year,
        target.base_value as value,
        target.base_value as low,
        target.base_value as high,
        'A' as obs_status,
        'F' as conf_status,
        'passed' as quality_status,
        cast(null as date) as vintage
    from target
    where target.base_value is not null
    union all
    select
        target.target_id,
        value.ref_year,
        value.value,
        value.low,
        value.high,
        value.obs_status,
        value.conf_status,
        value.quality_status,
        value.vintage
    from target
    inner join value
        on
            target.ref_area = value.ref_area and target.indicator = value.indicator and target.area_type = value.area_type
            and target.base_year <= value.ref_year
    where target.base_value is null
    qualify row_number() over (partition by target.target_id order by value.ref_year) = 1
),

-- One row for each year in which something is known, from the base to the target year.
assessed as (
    select
        target.*,
        base.ref_year as from_year,
        base.value as from_value,
        base.low as from_low,
        base.high as from_high,
        base.vintage as from_vintage,
        latest.ref_year as latest_year,
        latest.value as latest_value,
        latest.low as latest_low,
        latest.high as latest_high,
        latest.comparable_since,
        latest.broken_in,
        latest.basis,
        {{ carried_along(['latest', 'base']) }}
    from target
    inner join value as latest
        on
            target.ref_area = latest.ref_area and target.indicator = latest.indicator
            and target.area_type = latest.area_type
            and latest.ref_year between coalesce(target.base_year, 0) and coalesce(target.target_year, 9999)
    left join base on target.target_id = base.target_id
    where latest.ref_year >= coalesce(base.ref_year, 0)
),

-- What the series did in the comparable years up to the year of assessment, on the scale on which it is compared.
history as (
    select
        assessed.target_id,
        assessed.latest_year,
        value.ref_year,
        {{ on_scale('value.value', 'assessed.is_rate') }} as position,
        lag(value.ref_year) over series as year_before,
        {{ on_scale('lag(value.value) over series', 'assessed.is_rate') }} as position_before,
        row_number() over series as place
    from assessed
    inner join value
        on
            assessed.ref_area = value.ref_area and assessed.indicator = value.indicator
            and assessed.area_type = value.area_type
            and value.ref_year between assessed.comparable_since and assessed.latest_year
    window series as (partition by assessed.target_id, assessed.latest_year order by value.ref_year)
),

-- Yearly changes are counted where no year lacks; the regression gives the later of two years the greater weight.
measured as (
    select
        target_id,
        latest_year,
        count(*) filter (where year_before = ref_year - 1) as changes,
        {{ steady_sum('position - position_before') }} filter (where year_before = ref_year - 1)::double / nullif(changes, 0)
            as mean_change,
        max(position - position_before) filter (where year_before = ref_year - 1) as greatest_change,
        min(position - position_before) filter (where year_before = ref_year - 1) as least_change,
        arg_max(position, ref_year) as last_position,
        (arg_max(position, ref_year) - arg_min(position, ref_year) filter (where ref_year >= latest_year - 3))
        / (latest_year - min(ref_year) filter (where ref_year between latest_year - 3 and latest_year - 1)) as recent_change,
        sum(place * ref_year) / sum(place) as mean_year,
        {{ steady_sum('place * position') }}::double / sum(place) as mean_position
    from history
    group by target_id, latest_year
),

off_the_mean as (
    select
        measured.*,
        history.place,
        history.ref_year - measured.mean_year as years_off,
        history.position - measured.mean_position as position_off,
        if(
            history.year_before = history.ref_year - 1,
            history.position - history.position_before - measured.mean_change, null
        ) as change_off
    from measured
    inner join history on measured.target_id = history.target_id and measured.latest_year = history.latest_year
),

regressed as (
    select
        target_id,
        latest_year,
        {{ steady_sum('place * years_off * position_off') }}::double
        / nullif({{ steady_sum('place * years_off * years_off') }}::double, 0) as weighted_change,
        sqrt({{ steady_sum('change_off * change_off') }}::double / nullif(any_value(changes) - 1, 0)) as spread
    from off_the_mean
    group by all
)

select
    assessed.target_id,
    assessed.latest_year as assessment_year,
    assessed.is_rate,
    assessed.way,
    assessed.from_year as base_year,
    assessed.from_value as base_value,
    assessed.from_low as base_low,
    assessed.from_high as base_high,
    assessed.from_vintage as base_vintage,
    assessed.latest_value,
    assessed.latest_low,
    assessed.latest_high,
    coalesce(assessed.from_year >= assessed.broken_in, true) as is_comparable,
    assessed.comparable_since,
    measured.recent_change,
    regressed.weighted_change,
    measured.mean_position,
    measured.mean_year,
    measured.changes,
    measured.mean_change,
    regressed.spread,
    measured.last_position,
    if(assessed.way < 0, -measured.least_change, measured.greatest_change) as best_change,
    assessed.basis,
    assessed.obs_status,
    assessed.conf_status,
    assessed.quality_status,
    assessed.vintage
from assessed
left join measured on assessed.target_id = measured.target_id and assessed.latest_year = measured.latest_year
left join regressed on assessed.target_id = regressed.target_id and assessed.latest_year = regressed.latest_year
