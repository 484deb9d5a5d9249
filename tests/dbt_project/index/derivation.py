"""The models of the composite index, run by themselves in a database in memory on tables of a test's own.

The SQL is that of the models, with dbt's `ref` put in; what a refresh adds to it are the contracts.
"""

import tempfile
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from tests.dbt_project.rendered import query

MODELS = (
    "dim_composite_index", "dim_index_variant", "mart_index_indicator", "mart_index_weight", "mart_index_score",
    "mart_index_uncertainty", "mart_composite_index",
)  # fmt: skip
NODE = (
    "index_id varchar, node varchar, parent varchar, name_zh varchar, name_en varchar, indicator varchar,"
    " area_type varchar, weight double, direction integer, denominator varchar, denominator_area_type varchar,"
    " goalpost_low double, goalpost_high double, target double, unit varchar, min_present_share double,"
    " reason varchar"
)
VARIANT = (
    "index_id varchar, variant varchar, name_zh varchar, name_en varchar, is_headline boolean, area_level varchar,"
    " area_parent varchar, area_group varchar, first_year integer, last_year integer, denominate varchar,"
    " impute varchar, treat varchar, winsorised_points integer, normalise varchar, reference varchar,"
    " scale_low double, scale_high double, weigh varchar, aggregate varchar, draws integer, drawn_years integer,"
    " weight_spread_pct double, draw_normalise varchar, draw_aggregate varchar, seed integer, reason varchar"
)
AREA = (
    "ref_area varchar, name_zh varchar, level varchar, parent varchar, valid_from integer, valid_to integer"
)
VALUE = (
    "ref_area varchar, ref_year integer, indicator varchar, area_type varchar, value double, basis varchar,"
    " comparable_with_previous boolean, obs_status varchar, conf_status varchar, quality_status varchar, vintage date"
)
TABLES = {
    "stg_composite_index": NODE,
    "stg_index_variant": VARIANT,
    "dim_indicator": "indicator varchar, direction integer",
    "dim_ref_area": AREA,
    "dim_ref_area_group": "area_group varchar, ref_area varchar",
    "mart_indicator_value": VALUE,
}
PLAIN: dict[str, Any] = {
    "variant": "plain", "is_headline": True, "denominate": "none", "impute": "none", "treat": "none",
    "normalise": "min_max", "reference": "by_year", "scale_low": 0, "scale_high": 100, "weigh": "equal",
    "aggregate": "arithmetic", "area_level": "special",
}  # fmt: skip


class Derivation:
    """A database in memory with the tables that the models read.

    What does not fit is written to the system's folder for temporary files, and only so much of it: DuckDB by itself
    would fill the working directory, which is the checkout.
    """

    def __init__(self, threads: int = 2, memory_limit: str = "1GB") -> None:
        self.connection = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": memory_limit,
                "temp_directory": str(Path(tempfile.gettempdir()) / f"derivation-{uuid.uuid4().hex}"),
            }
        )
        # Said to the database when it is opened, it goes unheard.
        self.connection.execute(f"set max_temp_directory_size = '{memory_limit}'")
        self.connection.execute("set enable_progress_bar = false")
        self.seconds: dict[str, float] = {}
        for table, columns in TABLES.items():
            self.connection.execute(f"create table {table} ({columns})")

    def put(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Adds rows to a table; a column that is not named stays empty."""
        for row in rows:
            names = ", ".join(row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def areas(self, codes: Iterable[str], level: str = "special", parent: str | None = None) -> None:
        """Adds areas that there always were."""
        self.put(
            "dim_ref_area",
            [
                {"ref_area": code, "name_zh": code, "level": level, "parent": parent, "valid_from": 1949}
                for code in codes
            ],
        )

    def values(self, rows: Iterable[tuple[str, int, str, str, float | None]]) -> None:
        """Adds values (area, year, indicator, area type, value) of accepted figures; None is missing."""
        self.put(
            "mart_indicator_value",
            [
                {
                    "ref_area": area, "ref_year": year, "indicator": indicator, "area_type": area_type,
                    "value": value, "basis": "survey", "comparable_with_previous": True, "obs_status": "A",
                    "conf_status": "F", "quality_status": "passed", "vintage": "2025-12-31",
                }
                for area, year, indicator, area_type, value in rows
                if value is not None
            ],
        )  # fmt: skip

    def flat(self, table: dict[str, list[float | None]], **variant: Any) -> None:
        """Adds an index `flat` of 2020: its indicators, with more being better, and their values by area."""
        self.put("stg_composite_index", [{"index_id": "flat", "node": "index", "min_present_share": 0.67}])
        for indicator, values in table.items():
            self.put("dim_indicator", [{"indicator": indicator, "direction": 1}])
            self.put(
                "stg_composite_index",
                [{"index_id": "flat", "node": indicator, "parent": "index", "indicator": indicator}],
            )
            self.values((f"A{at:03}", 2020, indicator, "total", value) for at, value in enumerate(values))
        self.areas(f"A{at:03}" for at in range(max(map(len, table.values()))))
        self.put("stg_index_variant", [PLAIN | {"index_id": "flat"} | variant])

    def derive(self, *models: str) -> None:
        """Makes the tables of the models, or of those that are named."""
        for model in models or MODELS:
            begun = time.perf_counter()
            self.connection.execute(f"create or replace table {model} as {query(model)}")
            self.seconds[model] = time.perf_counter() - begun

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(sql).fetchall()
