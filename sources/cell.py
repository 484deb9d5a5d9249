"""A cell as it is read: its address, its text, the texts that label it; and what is left when reading fails.

How cells are found in a file is the readers' matter; what their texts mean is the dbt project's.
"""

from dataclasses import dataclass

import polars as pl

CELL_COLUMNS: dict[str, type[pl.DataType]] = {
    "sheet_no": pl.UInt16,
    "row_no": pl.UInt32,
    "col_no": pl.UInt16,
    "value_text": pl.String,
    "unit_text": pl.String,
    "ref_area_label": pl.String,
    "parent_area_label": pl.String,
    "time_label": pl.String,
    "indicator_label": pl.String,
    "area_type_label": pl.String,
    "obs_status": pl.String,
    "conf_status": pl.String,
    "definition": pl.String,
    "basis": pl.String,
    "vintage_text": pl.String,
    "freq": pl.String,
    "accumulation": pl.String,
    "standard_error": pl.String,
    "obs_comment": pl.String,
}
"""Columns and types of a frame of cells. Numbers of sheets count from 1, and so do those of rows and columns, but for
files whose `Reading.address` counts otherwise."""

CELL_COLUMN_OF_LABEL = {
    "ref_area": "ref_area_label",
    "time_period": "time_label",
    "indicator": "indicator_label",
    "unit": "unit_text",
    "area_type": "area_type_label",
    "parent_area": "parent_area_label",
    "obs_status": "obs_status",
    "conf_status": "conf_status",
    "vintage": "vintage_text",
    "freq": "freq",
    "obs_comment": "obs_comment",
}
"""The column of `CELL_COLUMNS` for each label that a layout may name."""


@dataclass(frozen=True)
class Reject:
    """What could not be read, and where.

    Attributes:
        code: the reason, `file.*` for a whole file or sheet, `cell.*` for one cell or row.
        sheet_no: sheet, from 1; None for the whole file.
        row_no: row, or line of a text file, from 1.
        col_no: column, from 1.
        text: what stood there, or the names that the reason is about.
    """

    code: str
    sheet_no: int | None = None
    row_no: int | None = None
    col_no: int | None = None
    text: str | None = None


@dataclass(frozen=True)
class Reading:
    """What stands in a file.

    Attributes:
        sheets: names of the sheets, in order; one empty name for a text file.
        cells: one row per cell read, columns `CELL_COLUMNS`.
        rejects: what could not be read.
        address: how the place of a cell is spelled: 'A1' as on a sheet, else a path with `{row}` and `{column}`,
            which stand for the cell's numbers as the path counts them.
    """

    sheets: list[str]
    cells: pl.DataFrame
    rejects: list[Reject]
    address: str = "A1"


def no_cells() -> pl.DataFrame:
    """An empty frame of cells."""
    return pl.DataFrame(schema=CELL_COLUMNS)


def packed(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells as they travel: without the columns that hold nothing, each label stated once."""
    filled = [name for name in cells.columns if cells[name].null_count() < cells.height]
    labels = [name for name in filled if CELL_COLUMNS[name] is pl.String and name != "value_text"]
    return cells.select(filled).with_columns(pl.col(labels).cast(pl.Categorical))


def unpacked(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells as they were before they were packed."""
    return cells.select(
        pl.col(name).cast(kind) if name in cells.columns else pl.lit(None, kind).alias(name)
        for name, kind in CELL_COLUMNS.items()
    )
