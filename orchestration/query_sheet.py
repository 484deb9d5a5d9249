"""The query sheet (查询单): what the reporting unit is asked about one value, and the place for its answer.

Here: what stands in it, in both languages. Not here: how a workbook is written (`warehouse/spreadsheet.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from expectations.decision import Decision
from expectations.errors import ExpectationError
from orchestration.messages import catalogue
from orchestration.presentation import printable
from orchestration.typed_value import plain
from warehouse.spreadsheet import write_sheet

Flag = Mapping[str, Any]
# Left open for the reporting unit, at the end of the sheet.
ANSWERS = ("query.answer_value", "query.answer_reason", "query.answer_by", "query.answer_date")
WIDTHS = (24, 80)


def write_query_sheet(folder: Path, flag: Flag, flags: Sequence[Flag], decision: Decision) -> Path:
    """Write the sheet about the value of a flag; one that was written before is left, since it may be filled in.

    Args:
        folder: where the sheets lie.
        flag: the flag that was decided on.
        flags: all flags on its value.
        decision: the correction that lacks evidence.

    Raises:
        ExpectationError: `review.unwritable`.
    """
    rows = [*_rows(flag, flags, decision), *([_both(code), ""] for code in ANSWERS)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _free(folder, flag["flag_id"])
        write_sheet(path, catalogue()["query.title"]["zh"], rows, WIDTHS, answers=len(ANSWERS))
    except OSError as error:
        raise ExpectationError(
            "review.unwritable", folder=folder, problem=error.strerror or str(error)
        ) from error
    return path


def _free(folder: Path, name: str) -> Path:
    path, number = folder / f"{name}.xlsx", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.xlsx"
    return path


def _rows(flag: Flag, flags: Sequence[Flag], decision: Decision) -> Iterator[list[str]]:
    unit = flag["unit_measure"]
    yield [_both("query.title"), flag["flag_id"]]
    yield [_both("query.request"), _both("query.request_text", "\n")]
    yield [_both("query.area"), f"{flag['ref_area_name']} ({flag['ref_area']})"]
    kind = "" if flag["area_type"] == "total" else f" ({_both('area_type.' + flag['area_type'])})"
    indicator = f"{flag['indicator_name_zh']} {flag['indicator_name_en'] or ''}".strip()
    yield [_both("query.figure"), f"{flag['time_period']} {indicator}{kind}"]
    where = (flag["file_name"], flag["sheet"], flag["cell"])
    yield [_both("query.place"), " · ".join(printable(part) for part in where if part)]
    printed = " ".join(printable(part) for part in (flag["raw_text"], flag.get("unit_text")) if part)
    yield [_both("query.printed"), f"{printed} (= {plain(flag['obs_value'])} {unit})"]
    yield [_both("query.expected"), _expected(flags, unit)]
    why = [f"{number}. {one['message_zh']}\n{one['message_en']}" for number, one in enumerate(flags, start=1)]
    yield [_both("query.why"), _shown("\n".join(why))]
    suggested = next((one["suggested_value"] for one in flags if one["suggested_value"] is not None), None)
    yield [_both("query.suggested"), "–" if suggested is None else f"{plain(suggested)} {unit}"]
    assert decision.decided_value is not None
    yield [_both("query.proposed"), f"{plain(decision.decided_value)} {unit}\n{_shown(decision.reason)}"]
    yield [_both("query.asked_by"), f"{decision.account}, {decision.decided_at:%Y-%m-%d %H:%M} UTC"]


def _expected(flags: Sequence[Flag], unit: str) -> str:
    """What every rule that was broken would have let pass."""
    lows = [one["expected_low"] for one in flags if one["expected_low"] is not None]
    highs = [one["expected_high"] for one in flags if one["expected_high"] is not None]
    if not lows and not highs:
        return "–"
    low, high = (f"{max(lows):.10g}" if lows else ""), (f"{min(highs):.10g}" if highs else "")
    return f"{low} … {high} {unit}".strip()


def _shown(text: str) -> str:
    """Each line as it may be shown."""
    return "\n".join(printable(line) for line in text.splitlines())


def _both(code: str, between: str = " ") -> str:
    texts = catalogue()[code]
    return f"{texts['zh']}{between}{texts['en']}"
