"""What the indicator labels of a file may mean: entries for `series`, `indicators` and `units` of a draft.

A label is taken for an indicator of the register only if it says nothing else but the kind of area; what is merely
near is named for a person to decide.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sources.declared.part import OPEN
from sources.draft.page import BRACKETED, Known, chinese, plain

URBAN = re.compile(r"城镇(?:常住)?(?:居民|住户|家庭)?|城市(?:居民|家庭)|[Uu]rban\s*")
RURAL = re.compile(r"(?:农村|乡村)(?:常住)?(?:居民|住户|家庭)?|[Rr]ural\s*")
ALL = re.compile(r"全体(?:居民)?|全国居民|居民(?=人均)|年末|年底")
NEAR = 0.6

# What an indicator of a unit is a quantity of; anything else is `other`.
QUANTITY: Mapping[str, str] = {"CNY": "money", "PERSONS": "persons", "PCT": "rate", "RATIO": "ratio"}


@dataclass(frozen=True)
class Meaning:
    """What is drafted for one label: its entry under `series`, and those that the registers lack.

    `near` are registered indicators that it may mean as well.
    """

    series: dict[str, Any]
    indicator: dict[str, Any] | None = None
    near: tuple[str, ...] = ()


def meanings(labels: Iterable[tuple[str, str | None]], source: str, known: Known) -> list[Meaning]:
    """What is drafted for each label, given with its unit."""
    found = []
    for number, (label, unit) in enumerate(labels, start=1):
        registered, area_type = registered_as(label, known)
        series: dict[str, Any] = {"label": label}
        if registered:
            found.append(Meaning(series | {"indicator": registered, "area_type": area_type or "total"}))
            continue
        name = f"{source}_{number}"
        series["indicator"] = name
        found.append(Meaning(series, _indicator(name, label, unit, known), _near(label, known)))
    return found


def registered_as(label: str, known: Known) -> tuple[str | None, str | None]:
    """The registered indicator that a label names, and the kind of area that it names beside it."""
    name = plain(BRACKETED.sub("", chinese(label))) or plain(label)
    whole = known.indicators.get(name) or known.indicators.get(label.strip())
    if whole:
        return whole, None
    for area_type, pattern in (("urban", URBAN), ("rural", RURAL)):
        if pattern.search(name):
            rest = ALL.sub("", pattern.sub("", name, count=1)).replace("/", "")
            return known.indicators.get(rest), area_type
    return known.indicators.get(ALL.sub("", name).replace("/", "")), None


def unit_entries(units: Iterable[str | None], source: str, known: Known) -> list[dict[str, Any]]:
    """Entries for the unit texts that the register lacks."""
    lacking = sorted({unit for unit in units if unit and unit != OPEN and unit_of(unit, known) is None})
    return [
        {"text": unit, "unit_measure": f"{source.upper()}_UNIT_{number}", "multiplier": 1}
        for number, unit in enumerate(lacking, start=1)
    ]


def unit_of(unit: str, known: Known) -> str | None:
    """The registered unit of measure of a unit text."""
    return known.units.get(unit) or known.units.get(unit.upper()) or known.units.get(plain(unit))


def _indicator(name: str, label: str, unit: str | None, known: Known) -> dict[str, Any]:
    measure = (unit_of(unit, known) if unit else None) or OPEN
    return {
        "indicator": name,
        "name": {"en": label, "zh": label},
        "unit_measure": measure,
        "display_unit": unit or OPEN,
        "quantity": QUANTITY.get(measure, "other"),
        "definition": OPEN,
        "basis": "reported",
    }


def _near(label: str, known: Known) -> tuple[str, ...]:
    name = plain(BRACKETED.sub("", chinese(label)))
    names = difflib.get_close_matches(name, known.indicators, n=3, cutoff=NEAR)
    return tuple(dict.fromkeys(known.indicators[one] for one in names))
