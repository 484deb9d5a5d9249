"""A build database with evidence written by hand; Great Expectations and DuckDB are the real ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from expectations import evidence
from expectations.rule import Rule
from expectations.verdict import Judgement, judge

# Rural income of Jilin in a quiet year: no rule has anything to say about it.
BELIEVABLE: dict[str, object] = {
    "source": "province_panel",
    "authority": "yearbook",
    "ref_area": "220000",
    "ref_area_name": "吉林省",
    "ref_area_level": "province",
    "parent": "000000",
    "freq": "A",
    "time_period": "2016",
    "accumulation": "period",
    "ref_year": 2016,
    "indicator": "disposable_income_per_capita",
    "area_type": "rural",
    "definition": "disposable income",
    "basis": "integrated_survey",
    "vintage": "2020-12-31",
    "revision_no": 1,
    "obs_value": 12122.9,
    "unit_measure": "CNY",
    "multiplier": 1,
    "unit_text": "元",
    "expectation": "neighbours",
    "decimals": 1,
    "printed_decimals": 1,
    "raw_text": "12122.9",
    "file_name": "panel.xlsx",
    "sheet_name": "income",
    "cell": "C17",
    "quantity": "money",
    "min_value": 50,
    "max_value": 200000,
    "key_count": 1,
    "latest_year_allowed": 2026,
    "previous_value": 11326.2,
    "next_value": 12950.4,
    "growth_pct": 7.0,
    "expected_value": 12110.0,
    "neighbours": 6,
    "deviation_log10": 0.0005,
    "deviation_z": 0.05,
    "peer_growth_z": 0.3,
    "column_deviation_log10": 0.0004,
    "column_deviation_z": 0.1,
    "column_areas": 31,
    "parent_value": 12363.0,
    "ratio_to_parent": 0.98,
    "urban_value": 26530.4,
    "rural_value": 12122.9,
    "urban_rural_ratio": 2.19,
    "pair_suspect": True,
    "same_as_previous": False,
    "interpolated": False,
    "usual_decimals": 1,
    "extra_decimals": 0,
    "area_years_off": 0,
    "column_deviation_pct": 0.0,
    "column_step_pct": 0.4,
    "what_en": "per-capita disposable income (rural)",
    "what_zh": "人均可支配收入（农村）",
    "ref_area_name_en": "Jilin",
    "row_figures": 4,
    "column_figures": 31,
    "file_name_year": 2019,
    "placed_areas": 31,
    "row_shift": 0,
    "speaks_for_series": False,
}

JILIN_2017: dict[str, object] = {
    "time_period": "2017",
    "ref_year": 2017,
    "obs_value": 112950.4,
    "raw_text": "112950.4",
    "previous_value": 12122.9,
    "next_value": 13748.2,
    "growth_pct": 831.7,
    "expected_value": 12917.0,
    "deviation_log10": 0.9417,
    "deviation_z": 94.2,
    "peer_growth_z": 180.0,
    "slip": "inserted_digit",
    "slip_value": 12950.4,
    "slip_share": 0.99,
    "parent_value": 13432.4,
    "ratio_to_parent": 8.41,
    "urban_value": 28318.7,
    "rural_value": 112950.4,
    "urban_rural_ratio": 0.2507,
}


@dataclass(frozen=True)
class Build:
    """A build database held read-write, as a refresh holds it."""

    connection: duckdb.DuckDBPyConnection
    database: Path

    def write(self, rows: Sequence[dict[str, object]]) -> None:
        """Replaces the evidence; a row says only in what it differs from the believable one.

        What is no observation says what it is by `judged`, a key of `evidence.KINDS`.
        """
        self.connection.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
        full = [{"cell_id": number, **BELIEVABLE, **row} for number, row in enumerate(rows)]
        for kind, one in evidence.KINDS.items():
            self.connection.execute(f"CREATE OR REPLACE TABLE {one.relation} ({one.declared()})")
            own = [row for row in full if row.get("judged", "observation") == kind]
            if own:
                self.connection.executemany(
                    f"INSERT INTO {one.relation} VALUES ({', '.join('?' for _ in one.columns)})",
                    [[row.get(name) for name in one.columns] for row in own],
                )

    def judge(self, rules: Sequence[Rule]) -> Judgement:
        return judge(self.connection, self.database, rules)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query).fetchall()


def _opened(folder: Path) -> Iterator[Build]:
    database = folder / "warehouse.duckdb"
    with duckdb.connect(database, config={"threads": 2, "memory_limit": "1GB"}) as connection:
        yield Build(connection, database)


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    yield from _opened(tmp_path)


@pytest.fixture(scope="module")
def shared_build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    yield from _opened(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def jilin_2017() -> dict[str, object]:
    return JILIN_2017


@pytest.fixture
def rule() -> Callable[..., Rule]:
    """Makes a rule on growth that says only what a test is about."""

    def make(**fields: object) -> Rule:
        text = {"en": "text", "zh": "文字"}
        expect = {"type": "expect_column_values_to_be_between", "column": "growth_pct", "max_value": 30.0}
        base = {"name": "growth_pct_usual", "severity": "warning", "validation_level": 2, "description": text}
        more = {"reason": "because", "reference": "a standard", "expect": expect, "message": text}
        return Rule.model_validate({**base, **more, **fields})

    return make
