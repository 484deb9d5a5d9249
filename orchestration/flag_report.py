"""The open flags as a person reads them: one paragraph per implausible value, with its cell and what was expected.

Here: bringing the flags of one value together. Not here: which flags there are (`answers.py`), their messages
(the rules), tables for programs (`presentation.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import filterfalse, groupby
from typing import Any

from orchestration.messages import language, text
from orchestration.presentation import printable
from warehouse.problems import WHOLE_COLUMN

Flag = dict[str, Any]
Finding = Iterator[str]

INDENT = " " * 4
# What was begun about a flag and has not changed anything yet.
UNDECIDED = {"queried": "disposition.queried", "pending": "disposition.pending"}


def report(flags: Sequence[Flag], by_rule: bool = False) -> Iterator[str]:
    """The lines of the report.

    Args:
        flags: flags as `open_flags` gives them, the flags of one value next to each other, the gravest value first.
        by_rule: name the rule of each flag in place of its id, which only a loaded value has for anyone to decide on.
    """
    values, columns = _findings(flags, by_rule)
    for finding in (*values, *columns):
        yield from finding


def excerpt(flags: Sequence[Flag], most: int) -> Iterator[str]:
    """The lines about the worst findings: whole columns, then single values, `most` of them together."""
    values, columns = _findings(flags)
    for finding in (*columns, *values)[:most]:
        yield from finding


def _findings(flags: Sequence[Flag], by_rule: bool = False) -> tuple[list[Finding], list[Finding]]:
    """What is said about each single value, and about each column; one area alone is no column."""
    areas: dict[tuple[str, ...], set[str]] = {}
    for flag in flags:
        if _may_stand_in_column(flag):
            areas.setdefault(_column_key(flag), set()).add(flag["ref_area"])

    def of_column(flag: Flag) -> bool:
        return _may_stand_in_column(flag) and len(areas[_column_key(flag)]) > 1

    columns = sorted(filter(of_column, flags), key=_column_key)
    return (
        [_value(list(group), by_rule) for _, group in groupby(filterfalse(of_column, flags), key=_value_key)],
        [_column(list(group), by_rule) for _, group in groupby(columns, key=_column_key)],
    )


def _may_stand_in_column(flag: Flag) -> bool:
    """What was begun about one area is told of that area."""
    return flag["diagnosis"] in WHOLE_COLUMN and flag["disposition"] not in UNDECIDED


def _value_key(flag: Flag) -> tuple[object, ...]:
    return tuple(
        flag[name] for name in ("ref_area", "time_period", "indicator", "area_type", "source", "obs_value")
    )


def _column_key(flag: Flag) -> tuple[str, ...]:
    return tuple(str(flag[name]) for name in ("rule", "source", "indicator", "area_type", "time_period"))


def _value(flags: list[Flag], by_rule: bool) -> Iterator[str]:
    first = flags[0]
    yield f"{_severity(first)}  {first['ref_area_name']} ({first['ref_area']}) {subject(first)}"
    yield _line("value", f"{printable(first['raw_text'])} — {_place(first)}")
    if first.get("original_value") is not None:
        decided = _printed(first["obs_value"], first) + _unit(first)
        yield _line("original", text("flag.original_value", value=decided))
    if first["disposition"] in UNDECIDED:
        when = f"{first['decided_at']:%Y-%m-%d %H:%M}"
        told = text(UNDECIDED[first["disposition"]], account=printable(first["decided_by"]), time=when)
        yield _line("state", told)
    low, high = first["plausible_low"], first["plausible_high"]
    if low is not None or high is not None:
        yield _line("expected", f"{_printed(low, first)} … {_printed(high, first)}{_unit(first)}")
    suggested = next((flag for flag in flags if flag["suggested_value"] is not None), None)
    if suggested:
        sure = text(f"confidence.{suggested['confidence']}")
        meant = _printed(suggested["suggested_value"], suggested) + _unit(suggested)
        yield _line("suggested", f"{meant} ({sure})")
    yield from _reasons(flags, by_rule)


def _column(flags: list[Flag], by_rule: bool) -> Iterator[str]:
    first = flags[0]
    areas = text("flag.areas", count=len({flag["ref_area"] for flag in flags}))
    yield f"{_severity(first)}  {areas} {subject(first)}"
    yield _line("value", _place(first) + " …")
    yield from _reasons(flags[:1], by_rule)


def _reasons(flags: list[Flag], by_rule: bool) -> Iterator[str]:
    for number, flag in enumerate(flags):
        message = printable(flag[f"message_{language()}"])
        why = f"{message} [{flag['rule']}]" if by_rule else f"{flag['flag_id']}  {message}"
        yield _line("why" if number == 0 else "", why)
    yield ""


def _severity(flag: Flag) -> str:
    return text("severity." + flag["severity"])


def subject(flag: Mapping[str, Any]) -> str:
    """What a value is about: period, indicator, kind of area."""
    kind = "" if flag["area_type"] == "total" else f" ({text('area_type.' + flag['area_type'])})"
    return f"{flag['time_period']} {flag[f'indicator_name_{language()}']}{kind}"


def _place(flag: Flag) -> str:
    where = [flag["file_name"], flag["sheet"], flag["cell"]]
    return " · ".join(printable(part) for part in where if part)


def _printed(value: float | None, flag: Flag) -> str:
    """An amount in the unit in which the cell is printed."""
    return amount(None if value is None else round(value / (flag["unit_multiplier"] or 1), 9))


def _unit(flag: Flag) -> str:
    unit = printable(flag["unit_text"] or flag["unit_measure"])
    return unit if unit == "%" else f" {unit}"


def amount(value: float | None) -> str:
    """A number as printed; one that was computed, to one decimal."""
    if value is None:
        return ""
    return f"{value:.10g}" if value == round(value, 4) else f"{value:.1f}"


def _line(label: str, content: str) -> str:
    from rich.cells import cell_len

    name = text(f"flag.{label}") if label else ""
    return f"{INDENT}{name}{' ' * max(1, 11 - cell_len(name))}{content}"
