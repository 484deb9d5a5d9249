"""Which text of a table names the indicator and which its unit, told apart where both stand in one.

Here: indicator and unit of one table. Not here: its other labels (`labels.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sources.address import column_letters, column_number
from sources.declared.part import OPEN, captured
from sources.draft.blocks import Table
from sources.draft.page import BRACKETED, HEADS, SIGN, UNIT_LINE, YEAR, YEAR_WITHIN, Kind, Known, chinese

ORDINAL = (
    r"(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．](?!\d)|#|其中[:：])\s*"
)
INDICATOR_LINE = re.compile(r"^指标[:：]")
ASIDE = re.compile(r"^(数据库|时间|制表|填报|编制)[^:：]*[:：]")
TABLE_NUMBER = r"(?:(?:续?表|附表|Table)\s*)?(?:\d+(?:[-－—–.]\d+)*)?\s*"
YEAR_IN = r"((?:18|19|20)\d{2})"

Label = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A row, a column, a run of stacked headings or one cell that labels figures; `head` stands above a column."""

    kind: Kind
    label: Label
    texts: tuple[str, ...]
    head: str = ""


def units_stated(label: Label, texts: tuple[str, ...], known: Known, otherwise: str | None) -> dict[str, str]:
    """The unit of each indicator label, where some name it in brackets and others do not."""
    brackets = {text: BRACKETED.search(text) for text in texts}
    units = {text: one[1] for text, one in brackets.items() if one and known.is_unit(one[1])}
    if not units:
        return {}
    return {
        name: units.get(text, otherwise or OPEN)
        for text in texts
        if (name := captured(label.get("pattern"), text))
    }


def said(table: Table, line: Label) -> str | None:
    """The unit that the unit line names."""
    row = int(line["cell"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    column = column_number(line["cell"].rstrip("0123456789"))
    return captured(line["pattern"], table.page.text(row, column))


def indicator_of(
    table: Table, places: list[Place], known: Known
) -> tuple[Label, Label | None, tuple[str, ...]]:
    """The label of the indicator, that of the unit where it always stands beside it in brackets, and the texts."""
    if places:
        place = min(places, key=_rank)
        return *_with_unit(place.label, place.texts, known), place.texts
    for row, column, text in titles(table):
        if INDICATOR_LINE.match(text):
            label = {"cell": f"{column_letters(column)}{row}"}
            return *_with_unit(label, (text,), known, INDICATOR_LINE.pattern), (text,)
    for row, column, text in titles(table):
        if not ASIDE.match(text) and not UNIT_LINE.search(text) and not YEAR.match(text):
            label = {"cell": f"{column_letters(column)}{row}"}
            return *_with_unit(label, (text,), known, f"^{TABLE_NUMBER}"), (text,)
    if table.page.name and not re.match(r"^(Sheet\s*\d*|\d+)$", table.page.name):
        return {"sheet_name": True}, None, ()
    return {"text": OPEN}, None, ()


def _with_unit(
    label: Label, texts: tuple[str, ...], known: Known, before: str = ""
) -> tuple[Label, Label | None]:
    """A label and its unit, told apart by patterns where the texts hold more than the label."""
    brackets = [BRACKETED.search(text) for text in texts]
    units = [one for one in brackets if one and known.is_unit(one[1])]
    years = len(texts) > 1 and all(map(YEAR_WITHIN.match, texts))
    numbered = any(re.match(ORDINAL, text) for text in texts)
    signed = any(re.search(rf"{SIGN}+\s*$", text) for text in texts) and bool(units)
    opening = before or "^"
    opening += rf"{YEAR_IN.replace('(', '(?:', 1)}\s*年?\s*" if years else ""
    opening += f"(?:{ORDINAL})?" if numbered else ""
    # What the bracket at the end may hold besides a unit is part of the name.
    named = label
    if units:
        named = label | {
            "pattern": rf"{opening}\s*(.+?)\s*(?:[（(][^（()）]+[)）])?\s*{SIGN + '*' if signed else ''}$"
        }
    elif opening != "^":
        named = label | {"pattern": rf"{opening}\s*(.+)$"}
    if len(units) == len(texts) and units:
        return named, label | {"pattern": r"[（(]([^（()）]+)[)）]\s*$"}
    return named, None


def unit_beside(by_kind: dict[Kind, list[Place]]) -> Label | None:
    """The label of the unit where a row or a column holds nothing else."""
    for place in by_kind.get("unit", []):
        if any(text.startswith(("(", "（")) for text in place.texts):
            return place.label | {"pattern": r"^[（(]?([^（()）]+)[)）]?$"}
        if any(chinese(text) != text for text in place.texts):
            return place.label | {"pattern": r"^(\S+)"}
        return place.label
    return None


def indicator_units(places: list[Place], known: Known) -> Label | None:
    """The label of the unit where a row tells its columns apart by units in brackets: 绝对值（元）, 增长（%）."""
    for place in places:
        units = [found[1] for text in place.texts if (found := BRACKETED.search(text))]
        is_told = len(set(units)) == len(place.texts) and all(map(known.is_unit, units))
        if "row" in place.label and is_told:
            return place.label | {"pattern": r"[（(]([^（()）]+)[)）]\s*$"}
    return None


def unit_line(table: Table) -> Label | None:
    """The label of the unit where a line above the table names one for all figures."""
    for row in reversed(table.above):
        for column, text in sorted(table.page.rows[row].items()):
            found = UNIT_LINE.search(text)
            if found and not re.search(r"[、，,；;]", found[1]):
                return {
                    "cell": f"{column_letters(column)}{row}",
                    "pattern": r"(?:单位|單位|[Uu]nit)\s*[:：]\s*([^\s)）]+)",
                }
    return None


def titles(table: Table) -> Iterator[tuple[int, int, str]]:
    """The texts above the headings, from top to bottom, with their places."""
    for row in table.above:
        if row in table.heads:
            continue
        for column, text in sorted(table.page.rows[row].items()):
            yield row, column, text


def bare(text: str) -> str:
    """A label without the number before it."""
    return re.sub(rf"^{ORDINAL}", "", text)


def _rank(place: Place) -> int:
    """Which of several places names the indicator: a column that says so, else what stands above the figures."""
    if HEADS["indicator"].match(place.head):
        return 0
    return next(rank for rank, key in enumerate(("row", "column", "heading"), start=1) if key in place.label)
