"""SDMX-CSV 1.0 and 2.x: bytes to observations, with any of the options for labels and keys.

Read as any text file and not by a library, for those that read SDMX-CSV turn its texts into numbers first
(docs/decisions/0007-sdmx-library.md).
"""

import csv
import re
from pathlib import Path

import polars as pl

from sources.cell import Reject
from sources.records.sdmx_message import ACTION, ROW, STRUCTURE, Message
from sources.sheets.delimited import read_delimited
from sources.sheets.sheet import Sheet

OPENING = re.compile(r'^\ufeff?"?(?:STRUCTURE(?:\[.\])?|DATAFLOW)(?:: [^",;\t]*)?"?([,;\t])')
STRUCTURE_WORDS = ("dataflow", "datastructure", "dataprovision")
LEADING = ("STRUCTURE", "STRUCTURE_ID", "DATAFLOW", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY")
"""Columns before those of the concepts."""

SEVERAL_LANGUAGES = re.compile(r"\[.*\]$")
FREE_TEXT = "OBS_COMMENT"
"""The concept whose text may hold a colon of its own, so that no label is cut off."""


def read_csv_message(path: Path) -> Message | Reject:
    """Reads a message of SDMX-CSV.

    The delimiter is what follows the first heading, as the standard has it. Of `labels=both` the codes are kept, of
    `labels=name` the columns of codes.

    Returns:
        The message, or why the file is none. A row of fewer fields than headings is a reject, since its fields may
        be shifted, and so is one with a text under no heading.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        found = OPENING.match(file.readline())
    if not found:
        return Reject("file.sdmx_no_header", row_no=1)
    sheet = read_delimited(path, "utf-8", found[1])
    if isinstance(sheet, Reject):
        return sheet
    headings = {
        column: text for column, text in sheet.grid.row(0, named=True).items() if isinstance(text, str)
    }
    columns = _columns(headings)
    problem = _problem(columns, headings, sheet)
    if problem:
        return problem
    rows, rejects = _whole_rows(sheet, headings, _short_rows(path, found[1], max(map(int, headings))))
    return Message(
        rows.select(*_leading(columns), *_concepts(columns, headings)),
        {concept: int(column) for concept, column in columns.items()},
        rejects=tuple(rejects),
        dimensions=frozenset(columns) - _names(columns),
    )


def _columns(headings: dict[str, str]) -> dict[str, str]:
    """Column by concept. Where names stand in columns of their own, a name like the concept before it is left out."""
    columns: dict[str, str] = {}
    for column, heading in headings.items():
        columns.setdefault(SEVERAL_LANGUAGES.sub("", heading.split(": ")[0]), column)
    return columns


def _names(columns: dict[str, str]) -> set[str]:
    """The headings of columns that only name the codes to their left, as `labels=name` puts one after each."""
    if "STRUCTURE_NAME" not in columns:
        return set()
    first = max(int(column) for name, column in columns.items() if name in LEADING) + 1
    return {name for name, column in columns.items() if (int(column) - first) % 2 == 1}


def _problem(columns: dict[str, str], headings: dict[str, str], sheet: Sheet) -> Reject | None:
    row_no = int(sheet.grid.item(0, "row_no"))
    if "DATAFLOW" not in columns and "STRUCTURE_ID" not in columns:
        return Reject("file.sdmx_no_header", sheet.number, row_no)
    texts = list(headings.values())
    repeated = sorted({text for text in texts if texts.count(text) > 1})
    if repeated and "STRUCTURE_NAME" not in columns:
        return Reject("file.duplicate_column", sheet.number, row_no, text=", ".join(repeated))
    if sheet.grid.height == 1:
        return Reject("file.no_data", sheet.number)
    if "STRUCTURE" in columns:
        word = pl.col(columns["STRUCTURE"])
        unknown = sheet.grid.slice(1).filter(~word.fill_null("").str.to_lowercase().is_in(STRUCTURE_WORDS))
        if unknown.height:
            number, text = unknown.select("row_no", word.fill_null("")).row(0)
            return Reject("file.sdmx_unknown_structure", sheet.number, number, text=text)
    return None


def _short_rows(path: Path, delimiter: str, width: int) -> list[int]:
    """The lines on which records of too few fields start."""
    short, line_before = [], 0
    with path.open(encoding="utf-8-sig", newline=None) as file:
        reader = csv.reader(file, delimiter=delimiter)
        for record in reader:
            if 0 < len(record) < width:
                short.append(line_before + 1)
            line_before = reader.line_num
    return short


def _whole_rows(
    sheet: Sheet, headings: dict[str, str], short_rows: list[int]
) -> tuple[pl.DataFrame, list[Reject]]:
    """The rows below the header that have as many fields as it has, and rejects for the others."""
    rows = sheet.grid.slice(1)
    # Where names stand in columns of their own, the heading of such a column may be blank.
    names = {str(int(column) + 1) for column in headings} if "STRUCTURE_NAME" in headings.values() else set()
    unheaded = [column for column in sheet.text_columns if column not in headings and column not in names]
    stray = pl.any_horizontal(pl.lit(value=False), *(pl.col(column).is_not_null() for column in unheaded))
    short = pl.col("row_no").is_in(short_rows)
    rejects = [
        Reject("cell.sdmx_short_row", sheet.number, row_no)
        for row_no in rows.filter(short)["row_no"].to_list()
    ]
    for row in rows.filter(stray).iter_rows(named=True):
        column = next(column for column in unheaded if row[column] is not None)
        rejects.append(Reject("cell.no_heading", sheet.number, row["row_no"], int(column), row[column]))
    return rows.filter(~stray & ~short), rejects


def _leading(columns: dict[str, str]) -> list[pl.Expr]:
    structure = pl.col(columns.get("STRUCTURE_ID", columns.get("DATAFLOW", "")))
    action = pl.col(columns["ACTION"]) if "ACTION" in columns else pl.lit(None, pl.String)
    return [
        pl.col("row_no").alias(ROW),
        structure.str.replace(r": .*$", "").alias(STRUCTURE),
        action.alias(ACTION),
    ]


def _concepts(columns: dict[str, str], headings: dict[str, str]) -> list[pl.Expr]:
    """The codes of each concept, without the labels of `labels=both`."""
    return [
        (
            pl.col(column).str.replace(r"(?s): .*$", "")
            if ": " in headings[column] and concept != FREE_TEXT
            else pl.col(column)
        ).alias(concept)
        for concept, column in columns.items()
        if concept not in LEADING
    ]
