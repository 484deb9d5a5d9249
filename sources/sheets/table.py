"""The table layout: blocks of figures with headings around them, as a yearbook or a portal prints them.

Here: which texts are figures, and what is left over. Where blocks stand: `standing.py`; their labels: `headings.py`.
"""

import re
from collections.abc import Iterator

import polars as pl

from sources.cell import CELL_COLUMN_OF_LABEL, CELL_COLUMNS, Reject, column_number, no_cells
from sources.declared.layout import TableLayout
from sources.sheets.headings import Surroundings, labelled, misplaced
from sources.sheets.sheet import Sheet
from sources.sheets.standing import Standing, sheets_of, standings

NUMBER = r"^[+-]?[0-9０-９][0-9０-９,，.．]*[%％]?$"
Read = tuple[pl.DataFrame, list[Reject]]


def read_table(sheets: list[Sheet], layout: TableLayout, file_name: str) -> Read:
    """Turns each figure of the declared blocks into one cell with the labels around it.

    Blank cells are no figures; marks of missing figures are. A figure without a label is rejected, and so are
    numbers below the end of a block and sheets with numbers that no block names.

    Returns:
        Cells (`CELL_COLUMNS`) and rejects.
    """
    frames = [no_cells()]
    rejects: list[Reject] = []
    found: list[Standing] = []
    for block in layout.blocks:
        standing = list(standings(layout, block, sheets))
        found += standing
        if not standing:
            code = "file.missing_block" if sheets_of(block, sheets) else "file.missing_sheet"
            rejects.append(Reject(code, text=block.starts or block.sheet or block.sheets))
    for one in found:
        cells, left = _read_block(Surroundings(one, file_name))
        frames.append(cells)
        rejects += left
    for sheet in sheets:
        if not (layout.skip_sheets and re.search(layout.skip_sheets, sheet.name)):
            rejects += _left_over(sheet, [one for one in found if one.sheet is sheet])
    return pl.concat(frames), rejects


def _read_block(around: Surroundings) -> Read:
    standing, sheet = around.standing, around.standing.sheet
    problem = misplaced(around)
    if problem:
        return no_cells(), [problem]
    columns = standing.columns
    figures = (
        standing.rows.select("row_no", *columns)
        .unpivot(on=columns, index="row_no", variable_name="col_no", value_name="value_text")
        .drop_nulls("value_text")
        .with_columns(pl.col("col_no").cast(pl.UInt16))
        .sort("row_no", "col_no")
    )
    if figures.is_empty():
        return no_cells(), [Reject("file.no_data", sheet.number, standing.first)]
    found = labelled(figures, around)
    names = [CELL_COLUMN_OF_LABEL[name] for name in standing.block.labels.by_name]
    bare = pl.any_horizontal(pl.col(names).is_null())
    texts = {name: pl.col(name) if name in found.columns else pl.lit(None) for name in CELL_COLUMNS}
    texts["sheet_no"] = pl.lit(sheet.number)
    cells = found.filter(~bare).select(
        texts[name].cast(kind).alias(name) for name, kind in CELL_COLUMNS.items()
    )
    without = found.filter(bare).select("row_no", "col_no", "value_text").iter_rows()
    return cells, [Reject("cell.no_heading", sheet.number, *place_and_text) for place_and_text in without]


def _left_over(sheet: Sheet, standing: list[Standing]) -> Iterator[Reject]:
    """A sheet with numbers that no block names; each row with numbers that stands below a block and in no other."""
    if not standing:
        if _rows_with_numbers(sheet.grid, sheet.text_columns).height:
            yield Reject("file.undeclared_sheet", sheet.number, text=sheet.name)
        return
    first_column = min(column_number(one.block.first_column) for one in standing)
    columns = [name for name in sheet.text_columns if int(name) >= first_column]
    taken = [pl.col("row_no").is_between(one.block.opening + one.offset, one.end - 1) for one in standing]
    below = sheet.grid.filter(pl.col("row_no") >= min(one.end for one in standing), ~pl.any_horizontal(taken))
    for row in _rows_with_numbers(below, columns).iter_rows(named=True):
        column = next(name for name in columns if re.match(NUMBER, row[name] or ""))
        yield Reject("cell.outside_blocks", sheet.number, row["row_no"], int(column), row[column])


def _rows_with_numbers(grid: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    return grid.filter(pl.any_horizontal(pl.lit(value=False), pl.col(columns).str.contains(NUMBER)))
