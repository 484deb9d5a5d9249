"""What a row of the register of targets must say before anything is loaded.

Its names must be registered, its unit convertible, its years in order. What is wrong with any row is said at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sources.declared.part import OPEN
from sources.errors import TongjiError
from warehouse.errors import WarehouseError
from warehouse.supplement import Line, is_number, is_whole

AREA_TYPES = ("total", "urban", "rural")
COMPARATORS = (">=", ">", "<=", "<", "=", "about", "up", "down")
KINDS = (
    "target",
    "cumulative_target",
    "annual_target",
    "annual_growth_target",
    "directional_target",
    "context",
    "actual",
)
COMMITMENTS = ("stated", "aspirational")
# Kinds that say what was, or only the way: they need no comparator or no value.
REPORTED = ("context", "actual")
GROWTH_UNIT = "PCT"


@dataclass(frozen=True)
class Registered:
    """What targets may name.

    Attributes:
        indicators: indicator to its canonical unit.
        units: text of a unit, in capitals, to the canonical unit.
        areas: codes of areas.
        documents: ids of documents.
    """

    indicators: Mapping[str, str]
    units: Mapping[str, str]
    areas: frozenset[str]
    documents: frozenset[str]


def check_targets(file: object, targets: list[Line], known: Registered, taken: frozenset[str]) -> None:
    """Holds the rows of a file of targets together with the registers.

    Args:
        file: the file, for the message.
        targets: its rows; the first stands in line 2.
        known: what they may name.
        taken: the ids of targets that are registered already.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    seen = set(taken)
    problems = []
    for number, row in enumerate(targets, start=2):
        problems += [WarehouseError(code, row=number, **told) for code, told in _problems(row, known, seen)]
        seen.add(row["target_id"])
    if problems:
        raise WarehouseError("register.refused", file=file, problems=tuple[TongjiError, ...](problems))


def check_documents(file: object, documents: list[Line], taken: frozenset[str]) -> None:
    """Holds the rows of a file of documents to their form.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    problems = []
    seen = set(taken)
    for number, row in enumerate(documents, start=2):
        if not row["document"] or row["document"] in seen:
            problems.append(WarehouseError("target.no_new_id", row=number, name=row["document"]))
        seen.add(row["document"])
        problems += [
            WarehouseError("target.not_a_year", row=number, column=column, name=row[column])
            for column in ("plan_start", "plan_end", "base_year")
            if row[column] and not is_whole(row[column])
        ]
        if row["published_on"] and not re.fullmatch(
            r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", row["published_on"]
        ):
            problems.append(WarehouseError("target.not_a_day", row=number, name=row["published_on"]))
    if problems:
        raise WarehouseError("register.refused", file=file, problems=tuple[TongjiError, ...](problems))


def _problems(row: Line, known: Registered, seen: set[str]) -> Iterator[tuple[str, dict[str, object]]]:
    if not row["target_id"] or row["target_id"] in seen:
        yield "target.no_new_id", {"name": row["target_id"]}
    if row["indicator"] not in known.indicators:
        near = difflib.get_close_matches(row["indicator"], known.indicators, n=3)
        yield (
            "target.unknown_indicator",
            {"name": row["indicator"], "known": ", ".join(near) or "marts.dim_indicator"},
        )
    if row["ref_area"] not in known.areas:
        yield "target.unknown_area", {"name": row["ref_area"]}
    if row["document"] and row["document"] not in known.documents:
        yield "target.unknown_document", {"name": row["document"]}
    for column, choices in (("kind", KINDS), ("area_type", AREA_TYPES), ("commitment", COMMITMENTS)):
        if row[column] not in choices:
            yield "target.unknown_word", {"column": column, "name": row[column], "known": ", ".join(choices)}
    yield from _numbers(row, known)
    yield from _years(row)


def _numbers(row: Line, known: Registered) -> Iterator[tuple[str, dict[str, object]]]:
    way_only = row["kind"] == "directional_target"
    if row["kind"] not in REPORTED and row["comparator"] not in COMPARATORS:
        choices = ", ".join(COMPARATORS)
        yield "target.unknown_word", {"column": "comparator", "name": row["comparator"], "known": choices}
    for column in ("value", "base_value"):
        needed = column == "value" and not way_only
        if (row[column] or needed) and not is_number(row[column]):
            yield "target.not_a_number", {"column": column, "name": row[column]}
    if not row["value"] and not row["base_value"]:
        return
    measure = GROWTH_UNIT if row["kind"] == "annual_growth_target" else known.indicators.get(row["indicator"])
    unit = known.units.get(row["unit"].upper())
    if unit is None:
        near = difflib.get_close_matches(row["unit"].upper(), known.units, n=3)
        yield "target.unknown_unit", {"name": row["unit"], "known": ", ".join(near) or "marts.dim_indicator"}
    elif measure not in (None, OPEN, unit):
        yield (
            "target.wrong_unit",
            {"name": row["unit"], "unit": unit, "indicator": row["indicator"], "measure": measure},
        )


def _years(row: Line) -> Iterator[tuple[str, dict[str, object]]]:
    years = {}
    for column in ("base_year", "period_start", "target_year"):
        if row[column] and not (is_whole(row[column]) and 1949 <= int(row[column]) <= 2100):
            yield "target.not_a_year", {"column": column, "name": row[column]}
        elif row[column]:
            years[column] = int(row[column])
    for column, earlier in (("base_year", 1), ("period_start", 0)):
        if column in years and "target_year" in years and years["target_year"] < years[column] + earlier:
            told = {"year": years["target_year"], "column": column, "first": years[column]}
            yield "target.before_its_base", told
