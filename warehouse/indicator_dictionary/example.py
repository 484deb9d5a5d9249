"""Worked examples: sentences and equations whose every figure is asked of a release."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb
import yaml

from warehouse.home import Home
from warehouse.query import open_release

DECLARED = Path(__file__).with_name("examples.yml")

Figures = Mapping[str, Any]
Ask = Callable[[datetime.date | None, str, Mapping[str, str]], Figures]


@dataclass(frozen=True)
class Example:
    """An example with its figures: what it is of and a note, by language, and the equations of every language."""

    indicator: str
    of: Mapping[str, str]
    equations: tuple[str, ...]
    note: Mapping[str, str]


class _Typeset(Formatter):
    """Figures as they are printed: a minus sign and no hyphen before a number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        shown = str(super().format_field(value, format_spec))
        return shown.replace("-", "−") if isinstance(value, int | float) else shown


def declared(file: Path = DECLARED) -> list[dict[str, Any]]:
    """The examples as they are declared, unfilled."""
    examples: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return examples


def worked(home: Home, examples: Sequence[Mapping[str, Any]]) -> list[Example]:
    """The examples with the figures of the release in force.

    Raises:
        WarehouseError: there is no release.
        LookupError: a query gave no row, more than one, or an empty figure.
    """
    days: dict[datetime.date | None, duckdb.DuckDBPyConnection] = {}

    def ask(as_of: datetime.date | None, query: str, parameters: Mapping[str, str]) -> Figures:
        if as_of not in days:
            days[as_of] = open_release(home, as_of=as_of)
        return _figures(days[as_of], query, parameters)

    try:
        return [filled for example in examples for filled in _filled(example, ask)]
    finally:
        for connection in days.values():
            connection.close()


def _filled(example: Mapping[str, Any], ask: Ask) -> Iterator[Example]:
    each = example.get("each", {})
    for values in product(*each.values()):
        names = dict(zip(each, values, strict=True))
        as_of = example.get("as_of")
        figures = {**ask(as_of, example["query"], names), **names, "as_of": as_of}
        typeset = _Typeset()
        yield Example(
            typeset.vformat(example["indicator"], (), figures),
            {language: typeset.vformat(text, (), figures) for language, text in example["of"].items()},
            tuple(typeset.vformat(equation, (), figures) for equation in example.get("equations", ())),
            {
                language: typeset.vformat(text, (), figures)
                for language, text in example.get("note", {}).items()
            },
        )


def _figures(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, str]) -> Figures:
    cursor = connection.execute(query, dict(parameters))
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if len(rows) != 1 or None in rows[0]:
        raise LookupError(
            f"An example needs one row without gaps, not {rows[:2]}: {query} {dict(parameters)}"
        )
    return dict(zip(names, rows[0], strict=True))
