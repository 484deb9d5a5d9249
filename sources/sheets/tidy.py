"""The tidy layout: a header of SDMX names, then one row per observation, in any column order and case."""

import polars as pl

from sources.cell import CELL_COLUMNS, Reject, no_cells
from sources.sheets.sheet import Sheet

MANDATORY = {
    "REF_AREA": "ref_area_label",
    "TIME_PERIOD": "time_label",
    "INDICATOR": "indicator_label",
    "AREA_TYPE": "area_type_label",
    "OBS_VALUE": "value_text",
    "UNIT_MEASURE": "unit_text",
}
OPTIONAL = {
    "PARENT_AREA": "parent_area_label",
    "OBS_STATUS": "obs_status",
    "CONF_STATUS": "conf_status",
    "DEFINITION": "definition",
    "BASIS": "basis",
    "VINTAGE": "vintage_text",
    "FREQ": "freq",
    "ACCUMULATION": "accumulation",
    "STANDARD_ERROR": "standard_error",
    "OBS_COMMENT": "obs_comment",
}
"""Header names of the simplest input and the cell columns that they fill. PARENT_AREA tells apart areas of one name."""


def read_tidy(sheet: Sheet) -> tuple[pl.DataFrame, list[Reject]]:
    """Turns each row of a tidy sheet into one cell, addressed by its OBS_VALUE.

    A row with a blank OBS_VALUE is a cell with an empty value text. A row with a text under no heading is
    rejected, since its fields may be shifted.

    Returns:
        Cells (`CELL_COLUMNS`) and rejects; no cells when the header is not the tidy one.
    """
    if sheet.grid.is_empty():
        return no_cells(), [Reject("file.no_data", sheet.number)]
    headings = sheet.grid.row(0, named=True).items()
    header = {column: text.upper() for column, text in headings if isinstance(text, str)}
    problem = _header_problem(list(header.values()), sheet)
    if problem:
        return no_cells(), [problem]
    rows = sheet.grid.slice(1)
    if rows.is_empty():
        return no_cells(), [Reject("file.no_data", sheet.number)]
    unheaded = [column for column in sheet.text_columns if column not in header]
    stray = pl.any_horizontal(pl.lit(False), *(pl.col(column).is_not_null() for column in unheaded))
    rejects = [_stray_text(row, unheaded, sheet.number) for row in rows.filter(stray).iter_rows(named=True)]
    return _cells(rows.filter(~stray), header, sheet.number), rejects


def _header_problem(names: list[str], sheet: Sheet) -> Reject | None:
    row_no = int(sheet.grid.item(0, "row_no"))
    missing = [name for name in MANDATORY if name not in names]
    if missing:
        return Reject("file.missing_column", sheet.number, row_no, text=", ".join(missing))
    unknown = [name for name in names if name not in MANDATORY and name not in OPTIONAL]
    if unknown:
        return Reject("file.unknown_column", sheet.number, row_no, text=", ".join(unknown))
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        return Reject("file.duplicate_column", sheet.number, row_no, text=", ".join(repeated))
    return None


def _stray_text(row: dict[str, str | int | None], unheaded: list[str], sheet_no: int) -> Reject:
    column = next(column for column in unheaded if row[column] is not None)
    return Reject("cell.no_heading", sheet_no, int(row["row_no"] or 0), int(column), str(row[column]))


def _cells(rows: pl.DataFrame, header: dict[str, str], sheet_no: int) -> pl.DataFrame:
    """Cells of well-formed rows."""
    address = {name: column for column, name in header.items()}
    texts = {
        target: pl.col(address[name]) if name in address else pl.lit(None)
        for name, target in (MANDATORY | OPTIONAL).items()
    }
    columns = texts | {
        "sheet_no": pl.lit(sheet_no),
        "row_no": pl.col("row_no"),
        "col_no": pl.lit(int(address["OBS_VALUE"])),
        "value_text": texts["value_text"].fill_null(""),
    }
    # A tidy row has no heading above it, and so no label of an area above.
    absent = pl.lit(None)
    return rows.select(
        columns.get(name, absent).cast(dtype).alias(name) for name, dtype in CELL_COLUMNS.items()
    )
