"""What checking a file found, as a person or a program reads it.

Here: one list by cell, what would change, the counts. Not here: finding it (`check.py`), flags in words
(`flag_report.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from orchestration.flag_report import amount, report, subject
from orchestration.messages import language, text
from orchestration.presentation import printable
from sources.address import column_letters
from sources.cell import Reject
from warehouse.problems import WHOLE_COLUMN

if TYPE_CHECKING:
    import polars as pl

    from orchestration.check import Checked
    from warehouse.errors import GateError

Row = Mapping[str, Any]

# As many revisions, and as many gaps, as are shown one by one; the JSON has all.
SHOWN = 10
FINDING = (
    "file_name", "sheet", "cell", "kind", "rule", "ref_area", "time_period", "indicator", "area_type", "raw_text",
    "obs_value", "expected_low", "expected_high", "suggested_value", "confidence", "message_en", "message_zh",
)  # fmt: skip
REVISION = (
    "file_name", "sheet", "cell", "ref_area", "time_period", "indicator", "area_type", "previous_value", "obs_value",
)  # fmt: skip


def lines(checked: Checked) -> Iterator[str]:
    """The report: findings by cell, whole columns, revisions, gaps, counts on the last line."""
    found = checked.found
    if found is None:
        yield from (unread(checked.file.name, reject, checked.source) for reject in checked.unread)
        return
    yield text("check.source", file=printable(checked.file.name), source=checked.source)
    yield ""
    # A damaged number is told once, by the flag that says what was meant.
    rejects = [row for row in found.rejects if row["diagnosis"] is None]
    findings = [(_place(alike[0]), _reject(alike)) for alike in _alike(rejects)]
    single = [flag for flag in found.flags if flag["diagnosis"] not in WHOLE_COLUMN]
    for place, flags in groupby(single, key=_place):
        findings.append((place, list(report(list(flags), by_rule=True))))
    for _, finding in sorted(findings, key=lambda one: one[0]):
        yield from finding
    yield from report([dict(flag) for flag in found.flags if flag["diagnosis"] in WHOLE_COLUMN], by_rule=True)
    yield from _listed("check.revisions", [_revision(row) for row in found.changes])
    yield from _listed("check.missing", [_gap(row) for row in found.missing])
    if checked.stopped:
        yield _refused(checked.stopped)
        yield ""
    yield counts(checked)


def counts(checked: Checked) -> str:
    """How many values were read, and what would become of them, in one line."""
    found = checked.found
    assert found is not None
    told = {name: count for name, count in found.counts.items() if count or name == "cells"}
    told |= {"rejected": len(found.rejects), "flags": len({flag["flag_id"] for flag in found.flags})}
    return " · ".join(f"{text(f'count.{name}')} {count:,}" for name, count in told.items())


def unread(file_name: str, reject: Reject, source: str) -> str:
    """What a reader could not read, as a sentence."""
    place = "" if reject.col_no is None else f"{column_letters(reject.col_no)}{reject.row_no}"
    return text(
        reject.code, file=printable(file_name), sheet="", cell=place, row=reject.row_no or "",
        text=printable(reject.text or ""), source=source,
    )  # fmt: skip


def table(checked: Checked) -> pl.DataFrame:
    """One row per reject and per flag, by cell."""
    import polars as pl

    return pl.DataFrame(_findings(checked), schema=_schema(), orient="row")


def document(checked: Checked) -> str:
    """Everything that was found, as JSON."""
    found = checked.found
    content = {
        "file": str(checked.file),
        "source": checked.source or None,
        "clean": checked.is_clean,
        "counts": found.counts if found else {},
        "findings": _findings(checked),
        "revisions": _picked(found.changes, REVISION) if found else [],
        "missing": _picked(found.missing, ("indicator", "area_type", "ref_area", "ref_year"))
        if found
        else [],
        "release_refused": _refused(checked.stopped) if checked.stopped else None,
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _findings(checked: Checked) -> list[dict[str, Any]]:
    if checked.found is None:
        return [
            _picked([{"kind": "reject", "rule": one.code, "raw_text": one.text, "file_name": checked.file.name,
                      f"message_{language()}": unread(checked.file.name, one, checked.source)}], FINDING)[0]
            for one in checked.unread
        ]  # fmt: skip
    rejects = [{**row, "kind": "reject", "rule": row["reason"]} for row in checked.found.rejects]
    flags = [{**row, "kind": row["severity"]} for row in checked.found.flags]
    return _picked(sorted([*rejects, *flags], key=_place), FINDING)


def _picked(rows: Sequence[Row], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: row.get(name) for name in names} for row in rows]


def _schema() -> dict[str, Any]:
    import polars as pl

    numbers = {"obs_value", "expected_low", "expected_high", "suggested_value"}
    return {name: pl.Float64 if name in numbers else pl.String for name in FINDING}


def _place(row: Row) -> tuple[str, int, int, str]:
    """Where a finding stands: what is of no cell comes first."""
    parts = re.fullmatch(r"([A-Z]+)(\d+)", row["cell"] or "")
    if parts is None:
        return (row["sheet"] or "", row.get("row_no") or 0, 0, "")
    return (row["sheet"] or "", int(parts[2]), len(parts[1]), parts[1])


def _alike(rejects: Sequence[Row]) -> Iterator[list[Row]]:
    """The rejects of one reason and one text together: a label is repeated for every cell that it labels."""
    together: dict[tuple[object, ...], list[Row]] = {}
    for row in sorted(rejects, key=_place):
        itself = () if row["raw_text"] else _place(row)
        together.setdefault((row["reason"], row["raw_text"], *itself), []).append(row)
    yield from together.values()


def _reject(alike: Sequence[Row]) -> list[str]:
    row = alike[0]
    where = [printable(part) for part in (row["sheet"], row["cell"]) if part]
    told = printable(row[f"message_{language()}"])
    more = text("check.alike", count=f"{len(alike):,}") if len(alike) > 1 else ""
    return [f"{text('check.reject')}  {' · '.join(where)}{more}".rstrip(), f"    {told}", ""]


def _refused(stopped: GateError) -> str:
    """Why a refresh with the file would make no release."""
    return text("check.refused", **stopped.details)


def _revision(row: Row) -> str:
    old, new = amount(row["previous_value"]), amount(row["obs_value"])
    return (
        f"{printable(row['cell'])}  {row['ref_area_name']} ({row['ref_area']}) {subject(row)}: {old} → {new}"
    )


def _gap(row: Row) -> str:
    return f"{row['ref_area']} {subject({**row, 'time_period': row['ref_year']})}"


def _listed(code: str, told: Sequence[str]) -> Iterator[str]:
    if not told:
        return
    yield text(code, count=f"{len(told):,}")
    yield from (f"    {one}" for one in told[:SHOWN])
    if len(told) > SHOWN:
        yield f"    {text('check.more', count=f'{len(told) - SHOWN:,}')}"
    yield ""
