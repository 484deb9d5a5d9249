"""The table layout: blocks of figures with headings around them, as a yearbook or a portal prints them.

Here: which texts are figures. Where blocks stand: `standing.py`; their labels: `headings.py`; what no block takes:
`remainder.py`.
"""

import re

import polars as pl

from sources.cell import CELL_COLUMN_OF_LABEL, CELL_COLUMNS, Reject, no_cells
from sources.declared.layout import TableLayout
from sources.sheets.headings import Surroundings, labelled, misplaced
from sources.sheets.remainder import left_over
from sources.sheets.sheet import Sheet
from sources.sheets.standing import sheets_of, standings

Read = tuple[pl.DataFrame, list[Reject]]


def read_table(sheets: list[Sheet], layout: TableLayout, file_name: str) -> Read:
    """Turns each figure of the declared blocks into one cell with the labels around it.

    Blank cells are no figures; marks of missing figures are. A figure without a label is rejected, and so are
    numbers beside all blocks and sheets with numbers that no block names.

    Returns:
        Cells (`CELL_COLUMNS`) and rejects.
    """
    frames = [no_cells()]
    rejects: list[Reject] = []
    found = standings(layout, sheets)
    for block in layout.blocks:
        if not any(one.block is block for one in found):
            code = "file.missing_block" if sheets_of(block, sheets) else "file.missing_sheet"
            rejects.append(Reject(code, text=block.starts or block.sheet or block.sheets))
    for one in found:
        cells, left = _read_block(Surroundings(one, file_name))
        frames.append(cells)
        rejects += left
    for sheet in sheets:
        if not (layout.skip_sheets and re.search(layout.skip_sheets, sheet.name)):
            rejects += left_over(sheet, [one for one in found if one.sheet is sheet])
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
