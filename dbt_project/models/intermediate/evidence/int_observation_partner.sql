{% set items = [
    'income_urban', 'income_rural', 'income_total', 'residents_urban', 'residents_rural', 'residents_total',
    'resident_rate', 'registered_rate',
] %}

-- Grain: observation row of income, population or urbanization. The figures that it must agree with: of one basis where
-- it is an income; in force where the row is in force itself, else as they were last sent under the row's vintage.
-- Rural net income is the partner of urban income before the integrated survey.
-- What a series is about is told once a series: over large joins of texts DuckDB 2.0.0 ends in an internal error.
with concept as (
    select
        series_no,
        source,
        case
            when indicator in ('disposable_income_per_capita', 'net_income_per_capita') then 'income_' || area_type
            when indicator = 'resident_population' then 'residents_' || area_type
            when indicator = 'resident_urbanization_rate' then 'resident_rate'
            when indicator = 'registered_urbanization_rate' then 'registered_rate'
        end as item,
        if(indicator like '%income_per_capita', basis, '') as basis
    from {{ ref('int_series') }}
    where freq = 'A'
),

item as (
    select
        observation.cell_id,
        observation.edition_no,
        observation.vintage,
        observation.ref_area,
        observation.ref_year,
        observation.obs_value,
        abs(trend.deviation) as deviation,
        slip.cell_id is not null or coalesce(suspect.is_gross, false) as is_wrong,
        concept.source,
        concept.item,
        concept.basis
    from {{ ref('int_observation') }} as observation
    inner join concept on observation.series_no = concept.series_no
    left join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
    left join {{ ref('int_slip_suspect') }} as suspect on observation.cell_id = suspect.cell_id
    left join {{ ref('int_observation_slip') }} as slip on observation.cell_id = slip.cell_id
    where concept.item is not null
),

in_force as (
    select
        source,
        basis,
        ref_area,
        ref_year,
    {%- for item in items %}
        arg_max({ 'value': obs_value, 'deviation': deviation, 'vintage': vintage, 'is_wrong': is_wrong }, (vintage, cell_id))
        filter (where item = '{{ item }}') as {{ item }}{{ ',' if not loop.last }}
    {%- endfor %}
    from item
    where edition_no = 1
    group by all
),

of_vintage as (
    select
        source,
        basis,
        ref_area,
        ref_year,
        vintage,
    {%- for item in items %}
        arg_max({ 'value': obs_value, 'deviation': deviation, 'vintage': vintage, 'is_wrong': is_wrong }, cell_id)
        filter (where item = '{{ item }}') as {{ item }}{{ ',' if not loop.last }}
    {%- endfor %}
    from item
    group by all
),

known as (
    select
        item.cell_id,
        item.item,
        item.vintage,
        item.obs_value,
        item.deviation,
    {%- for item in items %}
        case
            when item.edition_no = 1 then in_force.{{ item }}
            else coalesce(of_vintage.{{ item }}, in_force.{{ item }})
        end as {{ item }}{{ ',' if not loop.last }}
    {%- endfor %}
    from item
    inner join in_force
        on
            item.source = in_force.source and item.basis = in_force.basis
            and item.ref_area = in_force.ref_area and item.ref_year = in_force.ref_year
    inner join of_vintage
        on
            item.source = of_vintage.source and item.basis = of_vintage.basis
            and item.ref_area = of_vintage.ref_area and item.ref_year = of_vintage.ref_year
            and item.vintage = of_vintage.vintage
),

-- A value is judged as it stands, whatever was sent after it. A total or a rate is not held against figures that are wrong
-- themselves; of town and country, each in the other's place perhaps, the pair is judged as it stands.
judged as (
    select
        * exclude (income_urban, income_rural, income_total),
        case
            when item = 'income_urban' then obs_value
            when item = 'income_rural' or not income_urban['is_wrong'] then income_urban['value']
        end as urban_value,
        case
            when item = 'income_rural' then obs_value
            when item = 'income_urban' or not income_rural['is_wrong'] then income_rural['value']
        end as rural_value,
        if(item = 'income_total', obs_value, income_total['value']) as total_value,
        case item
            when 'income_urban' then income_rural['deviation']
            when 'income_rural' then income_urban['deviation']
        end as partner_deviation
    from known
)

select
    cell_id,
    urban_value,
    rural_value,
    total_value,
    case
        when
            item in ('income_urban', 'income_rural') and rural_value > 0
            then urban_value / rural_value
    end as urban_rural_ratio,
    -- The side that lies farther from its expectation. Where one side has none, 10 % (0.04) is far enough to accuse it.
    case
        when item not in ('income_urban', 'income_rural') then null
        when deviation is null and partner_deviation is null then true
        when partner_deviation is null then deviation > 0.04
        when deviation is null then partner_deviation <= 0.04
        else deviation >= partner_deviation
    end as pair_suspect,
    case when item = 'income_total' and urban_value > rural_value
            then 100 * (total_value - rural_value) / (urban_value - rural_value)
    end as implied_urban_weight_pct,
    case
        when
            item = 'resident_rate' and residents_total['value'] > 0
            and residents_urban['vintage'] = vintage and residents_total['vintage'] = vintage
            and not residents_urban['is_wrong'] and not residents_total['is_wrong']
            then 100 * residents_urban['value'] / residents_total['value']
    end as urbanization_recomputed_pct,
    residents_total['value'] as residents,
    if(item = 'resident_rate' and not registered_rate['is_wrong'], registered_rate['value'], null) as registered_rate_pct,
    if(item = 'registered_rate' and not resident_rate['is_wrong'], resident_rate['value'], null) as resident_rate_pct
from judged
