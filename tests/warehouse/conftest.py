"""A home of its own for every test, and a build database small enough to read."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sources.catalog import find_sources
from sources.declared.source import Declaration
from warehouse.build import open_build
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.release import prepare

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
AS_OF = {
    "fct_observation": "select * from marts.fct_observation_vintage where known_from <= date '9999-12-31'"
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.ensure()
    return made


@pytest.fixture
def submission() -> Declaration:
    return find_sources([BUNDLED_SOURCES])["submission"]


@pytest.fixture
def build(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_build(home) as connection:
        yield connection


@pytest.fixture
def ready(build: duckdb.DuckDBPyConnection, home: Home) -> duckdb.DuckDBPyConnection:
    """A build with public relations, ready to be released."""
    build.execute("""
        create schema marts;
        create table marts.fct_observation_vintage as
            select * from (values ('000000', 16.21::double, date '2019-02-28'), ('000000', 18.13, date '2021-09-30'))
            as t(ref_area, obs_value, known_from);
        create table marts.fct_observation as from marts.fct_observation_vintage where obs_value > 18;
        create table marts.mart_quality_flag (severity varchar, disposition varchar);
        comment on table marts.fct_observation is 'One row per observation in force; the bureau''s own.';
        comment on column marts.fct_observation.obs_value is 'The value.'""")
    announce(build, home, "a" * 64)
    return build


def announce(connection: duckdb.DuckDBPyConnection, home: Home, digest: str) -> str:
    """Prepares a release and lets `release_info` say so."""
    release_id = prepare(connection, home, digest)
    connection.execute("""
        create or replace table marts.release_info as
        select *, 'published' as state, 1::bigint as observations, 0::bigint as flags_open,
            0::bigint as quarantined, 0::bigint as rejected, 0::bigint as missing from process.candidate""")
    return release_id


def write_submission(home: Home, *rows: str, name: str = "report.csv") -> Path:
    """A submission in the inbox."""
    path = home.inbox / "submission" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path
