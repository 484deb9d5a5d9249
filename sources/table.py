"""The table layout: blocks of figures with headings around them, as a yearbook or a portal prints them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from sources.cell import CELL_COLUMNS, Reject, column_number, no_cells
from sources.declaration import Block, Label, TableLayout
from sources.sheet import Sheet

CELL_COLUMN_OF_LABEL = {
    "ref_area": "ref_area_label",
    "time_period": "time_label",
    "indicator": "indicator_label",
    "unit": "unit_text",
}

Rows = Mapping[int, tuple[str | None, ...]]
"""Texts by row number; a column's text stands at its number minus one."""


@dataclass(frozen=True)
class _Figure:
    row_no: int
    col_no: int
    text: str
    labels: dict[str, str | None]


def read_table(sheets: list[Sheet], layout: TableLayout) -> tuple[pl.DataFrame, list[Reject]]:
    """Turns each figure of the declared blocks into one cell with the labels around it.

    A block ends at a note, at the next block of its sheet or with the sheet. Blank cells are no figures;
    marks of missing figures are. A figure without a label is rejected.

    Returns:
        Cells (`CELL_COLUMNS`) and rejects.
    """
    rows_of = {sheet.number: _rows(sheet) for sheet in sheets}
    frames: list[pl.DataFrame] = []
    rejects: list[Reject] = []
    for block in layout.blocks:
        sheet = next((sheet for sheet in sheets if block.sheet in (None, sheet.name)), None)
        if sheet is None:
            rejects.append(Reject("file.missing_sheet", text=block.sheet))
            continue
        rows = rows_of[sheet.number]
        misplaced = _misplaced(block, rows, sheet.number)
        if misplaced:
            rejects.append(misplaced)
            continue
        figures = list(_figures(block, rows, _end(block, layout)))
        if not figures:
            rejects.append(Reject("file.no_data", sheet.number, block.first_row))
        frames.append(_cells([figure for figure in figures if all(figure.labels.values())], sheet.number))
        rejects += [
            Reject("cell.no_heading", sheet.number, figure.row_no, figure.col_no, figure.text)
            for figure in figures
            if not all(figure.labels.values())
        ]
    return pl.concat([no_cells(), *frames]), rejects


def _rows(sheet: Sheet) -> Rows:
    return {row[0]: row[1:] for row in sheet.grid.iter_rows()}


def _end(block: Block, layout: TableLayout) -> int | None:
    """The first row of the next block of the same sheet, headings included."""
    openings = [_opening(other) for other in layout.blocks if other.sheet == block.sheet]
    return min((row for row in openings if row > block.first_row), default=None)


def _opening(block: Block) -> int:
    """The first row that a block names."""
    labels = block.labels.by_name.values()
    rows = [label.row for label in labels if label.row] + [label.address[0] for label in labels if label.cell]
    return min([block.first_row, *rows])


def _misplaced(block: Block, rows: Rows, sheet_no: int) -> Reject | None:
    """The reject of a file in which a label for a whole block does not stand where declared."""
    for label in block.labels.by_name.values():
        if label.cell and not _label(label, _text(rows, *label.address)):
            row_no, col_no = label.address
            return Reject("file.missing_label", sheet_no, row_no, col_no, _text(rows, row_no, col_no))
    return None


def _figures(block: Block, rows: Rows, end: int | None) -> Iterator[_Figure]:
    """The figures of a block, row by row."""
    first_column = column_number(block.first_column)
    headings = _headings(block, rows, first_column)
    labels = block.labels.by_name
    row_labels = {name: label for name, label in labels.items() if label.column}
    constants = {name: _constant(label, rows) for name, label in labels.items() if label.cell or label.text}
    carried: dict[str, str | None] = {}
    for row_no in sorted(row for row in rows if row >= block.first_row and (end is None or row < end)):
        row = rows[row_no]
        first_text = next((text for text in row if text), "")
        if re.match(block.note, first_text):
            return
        for name, label in row_labels.items():
            text = _label(label, _text(rows, row_no, column_number(label.column or "")))
            carried[name] = text or (carried.get(name) if label.carry else None)
        for col_no, text in enumerate(row[first_column - 1 :], start=first_column):
            if text:
                above = {name: by_column[col_no] for name, by_column in headings.items()}
                yield _Figure(row_no, col_no, text, constants | carried | above)


def _headings(block: Block, rows: Rows, first_column: int) -> dict[str, dict[int, str | None]]:
    """Labels above the figures, by name and column."""
    width = max((len(row) for row in rows.values()), default=0)
    headings: dict[str, dict[int, str | None]] = {}
    for name, label in block.labels.by_name.items():
        if label.row:
            carried: str | None = None
            by_column = headings.setdefault(name, {})
            for col_no in range(first_column, width + 1):
                text = _label(label, _text(rows, label.row, col_no))
                carried = text or (carried if label.carry else None)
                by_column[col_no] = carried
    return headings


def _constant(label: Label, rows: Rows) -> str | None:
    return label.text or _label(label, _text(rows, *label.address))


def _text(rows: Rows, row_no: int, col_no: int) -> str | None:
    row = rows.get(row_no, ())
    return row[col_no - 1] if col_no <= len(row) else None


def _label(label: Label, text: str | None) -> str | None:
    """The label in a text: the first group of its pattern, or the whole."""
    if text is None or label.pattern is None:
        return text
    found = re.search(label.pattern, text)
    return found[1].strip() if found and found[1] else None


def _cells(figures: list[_Figure], sheet_no: int) -> pl.DataFrame:
    columns: dict[str, list[object]] = {
        "sheet_no": [sheet_no] * len(figures),
        "row_no": [figure.row_no for figure in figures],
        "col_no": [figure.col_no for figure in figures],
        "value_text": [figure.text for figure in figures],
    }
    for name, column in CELL_COLUMN_OF_LABEL.items():
        columns[column] = [figure.labels[name] for figure in figures]
    absent: list[object] = [None] * len(figures)
    return pl.DataFrame({name: columns.get(name, absent) for name in CELL_COLUMNS}, schema=CELL_COLUMNS)
