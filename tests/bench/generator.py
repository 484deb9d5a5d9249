"""Submissions of any size for the benchmark: seeded, plausible, and as coherent as a real return.

Incomes grow, parts add up to the whole, populations to the total, and rates follow from them, so that the rules
have real work and find little; one figure in 5,000 has lost its point or has a digit too many. The areas are counties
whose codes were valid throughout.
"""

from pathlib import Path

import duckdb

SEED = 20260101
FIRST_YEAR, LAST_YEAR = 2000, 2024
SERIES = 19

QUERY = """
with county as (
    select ref_area, row_number() over (order by ref_area) as n
    from read_csv($areas, types = {{'ref_area': 'VARCHAR'}})
    where level = 'county' and valid_from <= {first_year} and valid_to is null
),
base as (
    select ref_area, year,
        (hash(ref_area, {seed}) % 1000) / 1000.0 as place,
        ((hash(ref_area, year, {seed} + if(hash(ref_area, year, {edition}) % 25 = 0, {edition}, 0)) % 1000)
            / 1000.0 - 0.5) / 50 as noise,
        year - {first_year} as age
    from county cross join range({first_year}, {last_year} + 1) as t(year)
    where n > $skipped and n <= $skipped + $counties
),
income as (
    select *,
        round((5000 + 4000 * place) * pow(1.085, age) * (1 + noise)) as urban,
        round((2000 + 1500 * place) * pow(1.095, age) * (1 + noise)) as rural,
        round((100000 + 900000 * place) * pow(0.998 + 0.004 * place, age)) as residents,
        0.25 + 0.2 * place + 0.012 * age + noise / 4 as share
    from base
),
population as (
    select *, round(residents * share) as urban_residents, round(share * urban + (1 - share) * rural) as total
    from income
),
parts as (
    select *, round(total * 0.55) as wage, round(total * 0.2) as business, round(total * 0.07) as property
    from population
)
select ref_area as REF_AREA, year as TIME_PERIOD, s.indicator as INDICATOR, s.area_type as AREA_TYPE,
    case
        when hash(ref_area, year, s.indicator, s.area_type, {edition}) % 5000 > 0 then s.value
        when contains(s.value, '.') then replace(s.value, '.', '')
        else s.value || '0'
    end as OBS_VALUE, s.unit as UNIT_MEASURE, '{vintage}' as VINTAGE
from parts cross join lateral (
    select unnest([
        {{indicator: 'disposable_income_per_capita', area_type: 'urban', value: urban::bigint::varchar, unit: '元'}},
        {{indicator: 'disposable_income_per_capita', area_type: 'rural', value: rural::bigint::varchar, unit: '元'}},
        {{indicator: 'disposable_income_per_capita', area_type: 'total', value: total::bigint::varchar, unit: '元'}},
        {{indicator: 'wage_income_per_capita', area_type: 'total', value: wage::bigint::varchar, unit: '元'}},
        {{indicator: 'business_income_per_capita', area_type: 'total', value: business::bigint::varchar, unit: '元'}},
        {{indicator: 'property_income_per_capita', area_type: 'total', value: property::bigint::varchar, unit: '元'}},
        {{indicator: 'transfer_income_per_capita', area_type: 'total',
            value: (total - wage - business - property)::bigint::varchar, unit: '元'}},
        {{indicator: 'median_disposable_income_per_capita', area_type: 'urban',
            value: round(urban * 0.9)::bigint::varchar, unit: '元'}},
        {{indicator: 'median_disposable_income_per_capita', area_type: 'rural',
            value: round(rural * 0.88)::bigint::varchar, unit: '元'}},
        {{indicator: 'median_disposable_income_per_capita', area_type: 'total',
            value: round(total * 0.86)::bigint::varchar, unit: '元'}},
        {{indicator: 'consumption_expenditure_per_capita', area_type: 'urban',
            value: round(urban * 0.7)::bigint::varchar, unit: '元'}},
        {{indicator: 'consumption_expenditure_per_capita', area_type: 'rural',
            value: round(rural * 0.8)::bigint::varchar, unit: '元'}},
        {{indicator: 'resident_population', area_type: 'total', value: residents::bigint::varchar, unit: '人'}},
        {{indicator: 'resident_population', area_type: 'urban', value: urban_residents::bigint::varchar, unit: '人'}},
        {{indicator: 'resident_population', area_type: 'rural',
            value: (residents - urban_residents)::bigint::varchar, unit: '人'}},
        {{indicator: 'resident_urbanization_rate', area_type: 'total',
            value: printf('%.2f', 100 * urban_residents / residents), unit: '%'}},
        {{indicator: 'registered_urbanization_rate', area_type: 'total',
            value: printf('%.2f', 100 * share * 0.75), unit: '%'}},
        {{indicator: 'registered_population', area_type: 'total',
            value: round(residents * 1.03)::bigint::varchar, unit: '人'}},
        {{indicator: 'gdp', area_type: 'total', value: printf('%.2f', residents * total * 2.2 / 1e8), unit: '亿元'}}
    ]) as s)
order by s.indicator, s.area_type, ref_area, year
"""


def write_submission(path: Path, observations: int, areas: Path, edition: int = 0, part: int = 0) -> int:
    """Write a submission of about so many observations (whole counties); returns how many it holds.

    Every edition is a year older than the one before, and one in 25 of its figures differ by a percent or so. Every
    part is of other counties.
    """
    years = LAST_YEAR - FIRST_YEAR + 1
    counties = max(1, round(observations / (SERIES * years)))
    query = QUERY.format(
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        seed=SEED,
        edition=edition,
        vintage=LAST_YEAR + 1 - edition,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"create table made as {query}",
            {"areas": str(areas), "counties": counties, "skipped": part * counties},
        )
        connection.execute(f"copy made to '{path}' (format csv, header)")
        row = connection.execute("select count(*) from made").fetchone()
    assert row is not None
    return int(row[0])
