"""The floor of the benchmark: what bare DuckDB needs for the same file, with no check, no history and no trace.

It loads the file, derives the two marts, and writes them and the observations as a DuckDB file and as Parquet.
"""

import shutil
import sys
from pathlib import Path

import duckdb

LOAD = """
create table observation as
select
    REF_AREA as ref_area, TIME_PERIOD as ref_year, INDICATOR as indicator, AREA_TYPE as area_type,
    OBS_VALUE * case UNIT_MEASURE when '亿元' then 100000000 else 1 end as obs_value
from read_csv($file, types = {'REF_AREA': 'VARCHAR'})
"""

INCOME = """
create table mart_urban_rural_income as
with paired as (
    select ref_area, ref_year,
        max(obs_value) filter (where area_type = 'urban') as urban,
        max(obs_value) filter (where area_type = 'rural') as rural
    from observation where indicator = 'disposable_income_per_capita' group by all
)
select *, urban / rural as ratio, urban - rural as gap,
    100 * (urban / lag(urban) over area - 1) as growth_urban, 100 * (rural / lag(rural) over area - 1) as growth_rural
from paired window area as (partition by ref_area order by ref_year)
"""

GAP = """
create table mart_urbanization_gap as
select ref_area, ref_year,
    max(obs_value) filter (where indicator = 'resident_urbanization_rate') as resident,
    max(obs_value) filter (where indicator = 'registered_urbanization_rate') as registered,
    resident - registered as gap
from observation where indicator like '%urbanization_rate' group by all
"""


def main(file: str, folder: str) -> None:
    """Loads, derives and writes."""
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(parents=True)
    with duckdb.connect(f"{folder}/floor.duckdb") as connection:
        connection.execute(LOAD, {"file": file})
        connection.execute(INCOME)
        connection.execute(GAP)
        for table in ("observation", "mart_urban_rural_income", "mart_urbanization_gap"):
            connection.execute(
                f"copy {table} to '{folder}/{table}.parquet' (format parquet, compression zstd)"
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
