"""Workbooks (XLSX, XLS): bytes to sheets of texts, each cell at its own address. Layout is not known here."""

import re
from pathlib import Path

import fastexcel
import polars as pl

from sources.cell import Reject
from sources.sheet import Sheet, sheet_of

EXCEL_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
"""fastexcel's names of the errors that a formula may show, and the texts that Excel shows."""


def read_workbook(path: Path) -> list[Sheet] | Reject:
    """Reads every sheet of a workbook, hidden ones too.

    Returns:
        The sheets in their order, or why the file cannot be read. Numbers are the shortest text of the stored
        double, dates `YYYY-MM-DD`, errors of formulas what Excel shows, a merged range its first cell.
    """
    try:
        book = fastexcel.read_excel(path)
        return [_sheet(book, number, name) for number, name in enumerate(book.sheet_names, start=1)]
    except fastexcel.FastExcelError:
        return Reject("file.unreadable_workbook")


def _sheet(book: fastexcel.ExcelReader, number: int, name: str) -> Sheet:
    """One sheet. `skip_rows=0` keeps leading blank rows, without which addresses would shift."""
    as_text = book.load_sheet(number - 1, header_row=None, skip_rows=0, dtypes="string")
    if as_text.width == 0:
        return sheet_of(number, name, pl.DataFrame(schema={"row_no": pl.UInt32}))
    as_double = book.load_sheet(number - 1, header_row=None, skip_rows=0, dtypes="float")
    addresses = [str(column.absolute_index + 1) for column in as_text.available_columns()]
    texts, errors = _texts(as_text, addresses)
    doubles = pl.DataFrame(as_double.to_arrow_with_errors()[0])
    doubles.columns = addresses
    grid = texts.select(_exact(texts[column], doubles[column]) for column in addresses)
    if errors:
        grid = _with_errors(grid, errors)
    first_columns = [pl.lit(None, pl.String).alias(str(at)) for at in range(1, int(addresses[0]))]
    return sheet_of(number, name, grid.select(*first_columns, pl.all()).with_row_index("row_no", offset=1))


def _texts(
    sheet: fastexcel.ExcelSheet, addresses: list[str]
) -> tuple[pl.DataFrame, dict[str, dict[int, str]]]:
    """The texts, and what Excel shows for errors as column -> row of the frame -> text."""
    batch, failures = sheet.to_arrow_with_errors()
    frame = pl.DataFrame(batch)
    frame.columns = addresses
    errors: dict[str, dict[int, str]] = {}
    for failure in failures.errors if failures else []:
        row, column = failure.offset_position
        found = re.search(r"Error\((\w+)\)", failure.detail)
        shown = EXCEL_ERRORS.get(found[1], f"#{found[1].upper()}") if found else failure.detail
        errors.setdefault(addresses[column], {})[row] = shown
    return frame, errors


def _exact(text: pl.Series, double: pl.Series) -> pl.Series:
    """Texts of numbers to the last digit: fastexcel writes doubles with nine decimals only."""
    rounded = text.cast(pl.Float64, strict=False) != double
    exact = pl.DataFrame({"text": text, "double": double, "rounded": rounded}).select(
        pl.when("rounded").then(pl.col("double").cast(pl.String)).otherwise("text")
    )
    midnight = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
    return exact.to_series().str.replace(midnight, "$1").alias(text.name)


def _with_errors(grid: pl.DataFrame, errors: dict[str, dict[int, str]]) -> pl.DataFrame:
    """The grid with the errors of formulas put where they stand."""
    columns = [grid[column].scatter(list(rows), list(rows.values())) for column, rows in errors.items()]
    return grid.with_columns(columns)
