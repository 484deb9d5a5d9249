"""Answers in JSON: bytes to records, and records to cells. What an answer looks like is known to its reader alone."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from sources.cell import CELL_COLUMNS, Reading, Reject, no_cells

PERIODS = {
    r"(\d{4})(?:YY)?": "{}",
    r"(\d{4})(0[1-9]|1[0-2])(?:MM)?": "{}-{}",
    r"(\d{4})0([1-4])SS": "{}-Q{}",
} | {rf"(\d{{4}}){letter}": f"{{}}-Q{number}" for number, letter in enumerate("ABCD", start=1)}
"""Years, months, quarters: 2024, 202404, 2024B of the old portal; 2024YY, 202404MM, 202402SS of the new one."""

Record = Mapping[str, object]


def parse_json(path: Path) -> Any:
    """The content of a file in JSON, its numbers as the texts that stand there; a `Reject` when it is none."""
    if not path.stat().st_size:
        return Reject("file.empty")
    try:
        return json.loads(
            path.read_bytes().decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=_refuse
        )
    except UnicodeDecodeError:
        return Reject("file.wrong_encoding", text="UTF-8")
    except RecursionError:
        return Reject("file.not_json", text="[[[…")
    except ValueError as problem:
        return Reject("file.not_json", text=str(problem))


def at(content: object, path: str) -> object:
    """What stands at a path such as `[0].pages`, or None."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", path.replace("[", ".["), re.ASCII):
        if name and isinstance(content, dict):
            content = content.get(name)
        elif index and isinstance(content, list) and int(index) < len(content):
            content = content[int(index)]
        else:
            return None
    return content


def reading_of(records: Iterable[Record], rejects: list[Reject], address: str) -> Reading:
    """The reading of an answer: a record is a cell, its keys are named as in `CELL_COLUMNS`."""
    texts: dict[str, list[object]] = {name: [] for name in CELL_COLUMNS}
    for record in records:
        for name, column in texts.items():
            column.append(record.get(name))
    cells = pl.DataFrame(texts, schema=CELL_COLUMNS).with_columns(
        sheet_no=pl.lit(1, CELL_COLUMNS["sheet_no"])
    )
    if cells.is_empty() and not rejects:
        rejects = [Reject("file.no_data")]
    return Reading([""], cells, rejects, address)


def refused(reject: Reject) -> Reading:
    """The reading of an answer without any cell."""
    return Reading([""], no_cells(), [reject])


def unreadable(problem: ValidationError, row: int, column: int = 0) -> Reject:
    """The reject of one record, with the field that is not as foreseen."""
    field = ".".join(map(str, problem.errors()[0]["loc"])) or "{ }"
    return Reject("cell.unreadable_record", 1, row, column, field)


def labels(names: Mapping[str, str], by: str) -> dict[str, str]:
    """The label of each code: itself, or its name where no other code has the same."""
    if by == "code":
        return {code: code for code in names}
    given = list(names.values())
    return {code: name if name and given.count(name) == 1 else code for code, name in names.items()}


def period(code: str) -> str:
    """A period as SDMX writes it, from the codes of the two portals; one of neither stays as it is."""
    for pattern, written in PERIODS.items():
        if found := re.fullmatch(pattern, code):
            return written.format(*found.groups())
    return code


def comment(*parts: str | None) -> str | None:
    """The remarks on a figure in one text."""
    return " · ".join(part.strip() for part in parts if part and part.strip()) or None


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")
