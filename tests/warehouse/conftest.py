"""A home of its own for every test, and a build database small enough to read."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sources.catalog import find_sources
from sources.declaration import Declaration
from warehouse.build import open_build
from warehouse.home import BUNDLED_SOURCES, Home

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"


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


def write_submission(home: Home, *rows: str, name: str = "report.csv") -> Path:
    """A submission in the inbox."""
    path = home.inbox / "submission" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path
