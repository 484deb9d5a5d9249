"""Numbers that no block takes: what is not declared is told, so that nothing is left out unseen."""

from collections.abc import Iterator

import polars as pl

from sources.address import column_number
from sources.cell import Reject
from sources.sheets.sheet import Sheet
from sources.sheets.standing import Standing

NUMBER = (
    r"^[+\-－]?[0-9０-９][0-9０-９,，.．\s]*([eE][+-]?[0-9]+)?\s*[%％]?"
    r"\s*([①-⒇*＊†‡¹²³⁰-⁹]|[\[［【][0-9]{1,2}[\]］】])*$"
)


def left_over(sheet: Sheet, standing: list[Standing]) -> Iterator[Reject]:
    """The numbers of a sheet that stand in no block and are not left out in words.

    Of a row one number is told, and of a column beside all blocks. What stands above all blocks or to their left is a
    title or a serial number.
    """
    if not standing:
        if any(_numbers(sheet.grid, name).height for name in sheet.text_columns):
            yield Reject("file.undeclared_sheet", sheet.number, text=sheet.name)
        return
    below = sheet.grid.filter(pl.col("row_no") >= min(one.named_rows[0] for one in standing))
    first = min(column_number(one.block.first_column) for one in standing)
    told: set[int] = set()
    for name in (name for name in sheet.text_columns if int(name) >= first):
        rest = _numbers(below.filter(~_accounted(name, standing)), name)
        news = [(row_no, text) for row_no, text in rest.iter_rows() if row_no not in told]
        if not any(name in one.all_columns for one in standing):
            news = news[:1]
        told.update(row_no for row_no, _ in news)
        yield from (
            Reject("cell.outside_blocks", sheet.number, row_no, int(name), text) for row_no, text in news
        )


def _accounted(name: str, standing: list[Standing]) -> pl.Expr:
    """Whether a row's cell in a column is a figure, a label, or not wanted."""
    row = pl.col("row_no")
    kinds: list[pl.Expr] = []
    for one in standing:
        labels = one.block.labels.by_name.values()
        beside = {str(column_number(label.column or label.heading or "")) for label in labels}
        if name in one.all_columns or name in beside:
            kinds.append(row.is_between(one.first, one.end - 1))
        above = [at + one.offset for label in labels for at in label.rows]
        in_cells = [label.address for label in labels if label.cell]
        above += [at + one.offset for at, column in in_cells if str(column) == name]
        above += [one.offset + 1] if one.block.starts else []
        kinds += [row.is_in(above), row.is_in(one.skipped_rows.implode())]
    return pl.any_horizontal(kinds)


def _numbers(grid: pl.DataFrame, name: str) -> pl.DataFrame:
    return grid.select("row_no", name).filter(pl.col(name).str.contains(NUMBER))
