"""What a row of the register of targets must say before anything is loaded.

Its names must be registered, its figure possible, its comparator the good way, its years in order; what is unusual must
have its reason in `note`. What is wrong with any row is said at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sources.declared.part import OPEN
from warehouse.policy.names import Names
from warehouse.policy.refusal import Problem, area_problem, id_problem, refuse
from warehouse.policy.supplement import Line, is_number, is_year
from warehouse.policy.wording import plain_unit

AREA_TYPES = ("total", "urban", "rural")
WAYS = {"up": 1, "down": -1}
COMPARATORS = {">=": 1, ">": 1, "<=": -1, "<": -1, "=": 0, "about": 0}
"""What compares a figure, and the way that it asks to go; where it asks none, the registry's is meant."""
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
GROWTH, DIRECTIONAL = "annual_growth_target", "directional_target"
# Kinds that say what was: they need no comparator.
REPORTED = ("context", "actual")
MEASURED_TO_A_YEAR = ("target", "cumulative_target", GROWTH)
MEASURED_FROM_A_BASE = (*MEASURED_TO_A_YEAR, DIRECTIONAL)
GROWTH_UNIT = "PCT"
UNITS_NAMED = 8


@dataclass(frozen=True)
class Meaning:
    """What the registry says of an indicator.

    Attributes:
        unit: its canonical unit.
        usual: the text of the unit that it is shown in.
        direction: 1 where more is better, -1 where less is, 0 where neither.
        low: the least value that it can have, in its unit; None where none is stated.
        high: the greatest.
    """

    unit: str
    usual: str = ""
    direction: int = 0
    low: float | None = None
    high: float | None = None

    def allows(self, value: float) -> bool:
        """Whether the indicator can have a value."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def bounds(self, multiplier: float) -> str:
        """Its bounds in figures of a unit of which one is so much of its own."""
        low, high = (
            "…" if bound is None else f"{bound / multiplier:,.12g}" for bound in (self.low, self.high)
        )
        return f"{low} – {high}"


@dataclass(frozen=True)
class Registered:
    """What targets may name.

    Attributes:
        indicators: the indicators by their names.
        meanings: what the registry says of each.
        units: text of a unit, as it is compared, to how much of which canonical unit it is.
        areas: the areas by their names.
        base_years: document to its base year; blank where it has none.
    """

    indicators: Names
    meanings: Mapping[str, Meaning]
    units: Mapping[str, Mapping[str, float]]
    areas: Names
    base_years: Mapping[str, str]


def check_targets(
    file: object, targets: Mapping[int, Line], known: Registered, taken: frozenset[str]
) -> None:
    """Holds the rows of a file of targets together with the registers.

    Args:
        file: the file, for the message.
        targets: its rows by their numbers.
        known: what they may name.
        taken: the ids of targets that are registered already.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    seen = set(taken)
    found = []
    for number, row in targets.items():
        found += [(number, problem) for problem in _problems(row, known, seen)]
        seen.add(row["target_id"])
    refuse(file, found)


def _problems(row: Line, known: Registered, seen: set[str]) -> Iterator[Problem]:
    yield from id_problem("target_id", row["target_id"], seen)
    if row["indicator"] not in known.meanings:
        near = known.indicators.told(known.indicators.near(row["indicator"]))
        code = "target.near_indicator" if near else "target.unknown_indicator"
        yield code, {"name": row["indicator"], "known": near} if near else {"name": row["indicator"]}
    yield from area_problem(row["ref_area"], known.areas)
    if row["document"] and row["document"] not in known.base_years:
        yield "target.unknown_document", {"name": row["document"]}
    for column, choices in (("kind", KINDS), ("area_type", AREA_TYPES), ("commitment", COMMITMENTS)):
        yield from _word(row, column, choices)
    if row["kind"] == DIRECTIONAL:
        yield from _word(row, "comparator", tuple(WAYS))
        if row["value"]:
            yield "target.figure_of_a_way", {"name": row["value"]}
    elif row["comparator"] in WAYS:
        yield "target.way_of_a_figure", {"name": row["comparator"]}
    else:
        unsaid = ("",) if row["kind"] in REPORTED else ()
        yield from _word(row, "comparator", (*COMPARATORS, *unsaid))
    yield from _against_direction(row, known)
    yield from _figures(row, known)
    yield from _years(row, known)


def _word(row: Line, column: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    if row[column] not in choices:
        yield (
            "target.unknown_word",
            {"column": column, "name": row[column], "known": ", ".join(filter(None, choices))},
        )


def _against_direction(row: Line, known: Registered) -> Iterator[Problem]:
    way = {**COMPARATORS, **WAYS}.get(row["comparator"], 0)
    meaning = known.meanings.get(row["indicator"])
    if meaning and way * meaning.direction < 0 and row["kind"] not in REPORTED and not row["note"]:
        code = "target.against_less" if meaning.direction < 0 else "target.against_more"
        yield code, {"name": row["comparator"], "indicator": row["indicator"]}


def _figures(row: Line, known: Registered) -> Iterator[Problem]:
    for column in ("value", "base_value"):
        needed = column == "value" and row["kind"] not in (DIRECTIONAL, "context")
        if needed and not row[column]:
            yield "target.no_value", {"kind": row["kind"]}
        elif row[column] and not is_number(row[column]):
            yield "target.not_a_number", {"column": column, "name": row[column]}
    if row["kind"] == GROWTH:
        if row["base_value"]:
            yield "target.base_of_growth", {"name": row["base_value"]}
        if row["value"] and GROWTH_UNIT not in known.units.get(plain_unit(row["unit"]), {}):
            yield "target.growth_unit", {"name": row["unit"]}
    elif row["value"] or row["base_value"]:
        yield from _unit(row, known)


def _unit(row: Line, known: Registered) -> Iterator[Problem]:
    meaning = known.meanings.get(row["indicator"], Meaning(OPEN))
    held = known.units.get(plain_unit(row["unit"]), {})
    fitting = _fitting("" if held else row["unit"], known.units, meaning)
    if meaning.unit in held:
        yield from _beyond_bounds(row, meaning, held[meaning.unit])
    elif meaning.unit == OPEN:
        return
    elif held:
        told = {"name": row["unit"], "unit": ", ".join(held), "indicator": row["indicator"]}
        yield "target.wrong_unit", {**told, "measure": meaning.unit, "known": fitting}
    elif row["unit"]:
        yield "target.unknown_unit", {"name": row["unit"], "known": fitting}
    else:
        yield "target.no_unit", {"known": fitting}


def _beyond_bounds(row: Line, meaning: Meaning, multiplier: float) -> Iterator[Problem]:
    for column in ("value", "base_value"):
        if is_number(row[column]) and not meaning.allows(float(row[column]) * multiplier):
            told = {"column": column, "name": row[column], "unit": row["unit"], "indicator": row["indicator"]}
            yield "target.out_of_bounds", {**told, "known": meaning.bounds(multiplier)}


def _fitting(unit: str, units: Mapping[str, Mapping[str, float]], meaning: Meaning) -> str:
    """Units of an indicator: those like the one that was written, the usual one, and one of each size."""
    fitting = {text: held[meaning.unit] for text, held in units.items() if meaning.unit in held}
    near = difflib.get_close_matches(unit.upper(), fitting, n=3, cutoff=0.5)
    sizes = {size: text for text, size in reversed(fitting.items()) if not text.isascii()}
    named = dict.fromkeys(
        [*near, *([meaning.usual] if meaning.usual in fitting else []), *reversed(sizes.values())]
    )
    return ", ".join(list(named)[:UNITS_NAMED])


def _years(row: Line, known: Registered) -> Iterator[Problem]:
    years = {}
    if row["kind"] in MEASURED_FROM_A_BASE and not (row["base_year"] or row["period_start"]):
        inferred = known.base_years.get(row["document"])
        if inferred:
            years["base_year"] = int(inferred)
        else:
            yield "target.no_base", {"kind": row["kind"]}
    for column in ("base_year", "period_start", "target_year"):
        if row[column] and not is_year(row[column]):
            yield "target.not_a_year", {"column": column, "name": row[column]}
        elif row[column]:
            years[column] = int(row[column])
    for column, earlier in (("base_year", 1), ("period_start", 0)):
        if column in years and "target_year" in years and years["target_year"] < years[column] + earlier:
            told = {"year": years["target_year"], "column": column, "first": years[column]}
            yield "target.before_its_base", told
    base, first = years.get("base_year"), years.get("period_start")
    if row["kind"] == "cumulative_target" and base and first and base >= first:
        yield "target.base_in_period", {"year": base, "first": first}
    if row["kind"] in MEASURED_TO_A_YEAR and not row["target_year"] and not row["note"]:
        yield "target.no_year", {"kind": row["kind"]}
