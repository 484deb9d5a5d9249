"""Workbooks (XLSX, XLSM, XLS, ODS): bytes to sheets of texts, each cell at its own address. Layout is not known here.

Formulas and macros are never run: a formula is the value that its workbook keeps of it.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import fastexcel
import polars as pl

from sources.cell import Reject
from sources.guard.limits import Limits
from sources.guard.scan import scan
from sources.sheets.sheet import Sheet, sheet_of

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

MIDNIGHT = " 00:00:00"
SAFE_BYTES = 16
"""15 digits and a point always are the shortest text of their double; more may be digits that nobody stored."""

UNSAFE = r"^-?\d{7,}\.\d{1,9}$"


def read_workbook(path: Path, limits: Limits | None = None) -> tuple[list[Sheet], list[Reject]] | Reject:
    """Reads every sheet of a workbook, hidden ones too; a chart sheet has no cells.

    Returns:
        The sheets in their order, and the formulas that were never calculated; or why the file cannot be read.
        Numbers are the shortest text of the stored double, dates `YYYY-MM-DD`, errors of formulas what Excel shows,
        a merged range its first cell. Where a formula was never calculated, nothing stands.
    """
    is_archive = path.open("rb").read(2) == b"PK"
    found = scan(path, limits or Limits()) if is_archive else []
    if isinstance(found, Reject):
        return found
    try:
        # A reader parses a sheet anew for each way of reading it, which two can do side by side.
        readers = [fastexcel.read_excel(path) for _ in range(2)]
        names = readers[0].sheet_names
        sheets = [_sheet(readers, number, name) for number, name in enumerate(names, start=1)]
    except fastexcel.FastExcelError as error:
        is_locked = "password" in str(error).lower()
        return Reject("file.encrypted", text="XLS") if is_locked else Reject("file.unreadable_workbook")
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        return Reject("file.unreadable_workbook")  # Rust gave up where it expects no damage
    return [_without(sheet, found) for sheet in sheets], found


def _sheet(readers: list[fastexcel.ExcelReader], number: int, name: str) -> Sheet:
    """One sheet. `skip_rows=0` keeps leading blank rows, without which addresses would shift."""

    def load(reader: fastexcel.ExcelReader, kind: fastexcel.DType) -> fastexcel.ExcelSheet:
        return reader.load_sheet(number - 1, header_row=None, skip_rows=0, dtypes=kind)

    def doubles() -> pl.DataFrame:
        return pl.DataFrame(load(readers[1], "float").to_arrow())

    with ThreadPoolExecutor(1) as aside:
        coming = aside.submit(doubles)
        as_text = load(readers[0], "string")
        addresses = [str(column.absolute_index + 1) for column in as_text.available_columns()]
        texts, errors = _texts(as_text, addresses)
        numbers = coming.result()
    if not addresses:
        return sheet_of(number, name, pl.DataFrame(schema={"row_no": pl.UInt32}))
    numbers.columns = addresses
    grid = texts.select(_exact(texts[column], numbers[column]) for column in addresses)
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
    """Texts of numbers to the last digit and none beyond: fastexcel writes doubles with nine decimals."""
    if text.str.ends_with(MIDNIGHT).any():
        text = text.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
    if double.null_count() == len(double):
        return text
    is_rounded = text.cast(pl.Float64, strict=False) != double
    is_too_long = (text.str.len_bytes() > SAFE_BYTES) & text.str.contains(UNSAFE)
    return text.zip_with(~(is_rounded | is_too_long).fill_null(False), double.cast(pl.String))


def _with_errors(grid: pl.DataFrame, errors: dict[str, dict[int, str]]) -> pl.DataFrame:
    """The grid with the errors of formulas put where they stand."""
    columns = [grid[column].scatter(list(rows), list(rows.values())) for column, rows in errors.items()]
    return grid.with_columns(columns)


def _without(sheet: Sheet, uncalculated: list[Reject]) -> Sheet:
    """The sheet without the zeros that stand for formulas never calculated."""
    rows_of: dict[str, list[int]] = {}
    for formula in uncalculated:
        if formula.sheet_no == sheet.number and str(formula.col_no) in sheet.text_columns:
            rows_of.setdefault(str(formula.col_no), []).append(formula.row_no or 0)
    blanked = [
        pl.when(~pl.col("row_no").is_in(rows)).then(pl.col(column)).alias(column)
        for column, rows in rows_of.items()
    ]
    return replace(sheet, grid=sheet.grid.with_columns(blanked)) if blanked else sheet
