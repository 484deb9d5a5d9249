"""What is declared, put where the dbt models can join it.

One table for each part of a `source.yml`, and one for each register of policy that a bureau adds to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl

from sources.declared.source import Declaration
from warehouse.policy.supplement import REGISTERS, Line, columns

TEXT, WHOLE, LONG, NUMBER, FLAG = pl.String, pl.Int32, pl.Int64, pl.Float64, pl.Boolean
Row = dict[str, Any]

TABLES: dict[str, dict[str, type[pl.DataType]]] = {
    "source": {
        "source": TEXT, "title_en": TEXT, "title_zh": TEXT, "producer": TEXT, "citation": TEXT, "licence": TEXT,
        "frequency": TEXT, "authority": TEXT, "priority": LONG, "vintage": TEXT,
        "max_quarantined_pct": NUMBER,
    },
    "source_file": {"source": TEXT, "file_name": TEXT, "vintage": TEXT},
    "series": {
        "source": TEXT, "label": TEXT, "indicator": TEXT, "area_type": TEXT, "unit": TEXT, "definition": TEXT,
        "basis": TEXT, "first_year": WHOLE, "last_year": WHOLE,
    },
    "series_break": {
        "source": TEXT, "indicator": TEXT, "area_type": TEXT, "ref_area": TEXT, "ref_year": WHOLE, "reason": TEXT,
    },
    "series_event": {
        "source": TEXT, "indicator": TEXT, "area_type": TEXT, "ref_area": TEXT, "ref_year": WHOLE,
        "reason_en": TEXT, "reason_zh": TEXT, "citation": TEXT,
    },
    "coverage": {
        "source": TEXT, "indicator": TEXT, "area_type": TEXT, "ref_area": TEXT, "children_of": TEXT,
        "first_year": WHOLE, "last_year": WHOLE,
    },
    "indicator": {
        "source": TEXT, "indicator": TEXT, "name_zh": TEXT, "name_en": TEXT, "unit_measure": TEXT,
        "display_unit": TEXT, "decimals": WHOLE, "direction": WHOLE, "quantity": TEXT, "min_value": NUMBER,
        "max_value": NUMBER, "bounds_reason": TEXT, "default_basis": TEXT, "default_definition": TEXT,
        "standard": TEXT, "is_additive": FLAG,
    },
    "unit": {"source": TEXT, "unit_text": TEXT, "unit_measure": TEXT, "multiplier": NUMBER},
    "mark": {"source": TEXT, "mark": TEXT, "obs_status": TEXT, "meaning": TEXT},
    "area": {
        "source": TEXT, "ref_area": TEXT, "name_zh": TEXT, "name_en": TEXT, "level": TEXT, "parent": TEXT,
        "valid_from": WHOLE, "valid_to": WHOLE,
    },
    "area_group": {
        "source": TEXT, "area_group": TEXT, "name_zh": TEXT, "name_en": TEXT, "ref_area": TEXT, "citation": TEXT,
    },
    "area_change": {
        "source": TEXT, "from_area": TEXT, "to_area": TEXT, "year": WHOLE, "kind": TEXT, "weight": NUMBER,
        "citation": TEXT,
    },
    "message": {"code": TEXT, "en": TEXT, "zh": TEXT},
    **{register: dict.fromkeys(columns(register), TEXT) for register in REGISTERS},
}  # fmt: skip
"""Columns of the tables in the schema `raw`."""


def declare(
    connection: duckdb.DuckDBPyConnection,
    declarations: Mapping[str, Declaration],
    messages: Mapping[str, Mapping[str, str]],
    supplements: Mapping[str, list[Line]] = MappingProxyType({}),
) -> None:
    """Put what is declared where the dbt models can join it; replaces what was there.

    Args:
        connection: the build database.
        declarations: of the sources, by name.
        messages: the message catalogue.
        supplements: what the bureau adds to the registers of policy, by register.
    """
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    rows |= {register: list(lines) for register, lines in supplements.items()}
    rows["message"] = [{"code": code, **text} for code, text in messages.items()]
    for declaration in declarations.values():
        for table, row in _rows(json.loads(declaration.model_dump_json())):
            rows[table].append({"source": declaration.source, **row})
    for table, schema in TABLES.items():
        frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows[table]], schema=schema)
        connection.register("declared", frame.to_arrow())
        connection.execute(f"create or replace table raw.{table} as from declared")
        connection.unregister("declared")


def _rows(declared: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """The rows that one declaration puts into each table, named as its columns."""
    vintage = declared["vintage"]
    stated = None if isinstance(vintage, dict) else vintage  # that in a file's name is put beside its cells
    yield "source", {**declared, **_title(declared["title"], "title"), "vintage": stated}
    for file in declared["files"]:
        yield "source_file", {**file, "file_name": file["name"]}
    for table, key in (("series", "series"), ("mark", "marks"), ("area_change", "area_changes")):
        yield from ((table, row) for row in declared[key])
    for unit in declared["units"]:
        yield "unit", {**unit, "unit_text": unit["text"]}
    yield from (("series_break", row) for one in declared["breaks"] for row in _by_area(one))
    for one in declared["events"]:
        told = {**one, **_title(one["reason"], "reason")}
        yield from (("series_event", row) for row in _by_area(told))
    for one in declared["coverage"]:
        yield from (("coverage", {**one, **areas}) for areas in _areas(one["areas"]))
    for one in declared["indicators"]:
        meaning = {"default_basis": one["basis"], "default_definition": one["definition"]}
        yield "indicator", {**one, **_title(one["name"]), **meaning}
    for one in declared["areas"]:
        last_year = one["last_year"]
        validity = {"valid_from": one["first_year"], "valid_to": last_year and last_year + 1}
        yield "area", {**one, **_title(one["name"]), **validity}
    for one in declared["area_groups"]:
        yield from (
            ("area_group", {**one, **_title(one["name"]), "ref_area": area}) for area in one["ref_areas"]
        )


def _by_area(one: Mapping[str, Any]) -> Iterator[Row]:
    """What is said of a year, once for each area that it is said of; once without any where it is said of all."""
    for ref_area in one["ref_areas"] or [None]:
        yield {**one, "ref_area": ref_area, "ref_year": one["year"]}


def _title(names: Mapping[str, str], prefix: str = "name") -> Row:
    return {f"{prefix}_{language}": name for language, name in names.items()}


def _areas(areas: str | list[str] | Mapping[str, str]) -> Iterable[Row]:
    if isinstance(areas, Mapping):
        return [dict(areas)]
    if isinstance(areas, str):
        return [{"children_of": "000000"}]
    return [{"ref_area": ref_area} for ref_area in areas]
