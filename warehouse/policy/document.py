"""What a row of the register of documents must say before anything is loaded: its id, its area, its years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from warehouse.policy.names import Names
from warehouse.policy.refusal import Problem, area_problem, id_problem, refuse
from warehouse.policy.supplement import Line, is_year

DAY = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
YEARS = ("plan_start", "plan_end", "base_year")


def check_documents(file: object, documents: Mapping[int, Line], areas: Names, taken: frozenset[str]) -> None:
    """Holds the rows of a file of documents to their form.

    Args:
        file: the file, for the message.
        documents: its rows by their numbers.
        areas: what areas they may name.
        taken: the ids of documents that are registered already.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    seen = set(taken)
    found = []
    for number, row in documents.items():
        found += [(number, problem) for problem in _problems(row, areas, seen)]
        seen.add(row["document"])
    refuse(file, found)


def _problems(row: Line, areas: Names, seen: set[str]) -> Iterator[Problem]:
    yield from id_problem("document", row["document"], seen)
    if row["ref_area"]:
        yield from area_problem(row["ref_area"], areas)
    for column in YEARS:
        if row[column] and not is_year(row[column]):
            yield "target.not_a_year", {"column": column, "name": row[column]}
    if row["published_on"] and not _is_day(row["published_on"]):
        yield "target.not_a_day", {"name": row["published_on"]}


def _is_day(text: str) -> bool:
    try:
        return bool(DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
