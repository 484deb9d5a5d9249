"""The texts that label a figure: beside it, above it, in one cell, in the name of its sheet or file."""

from dataclasses import dataclass

import polars as pl

from sources.address import column_number
from sources.cell import CELL_COLUMN_OF_LABEL, Reject
from sources.declared.layout import Label
from sources.declared.part import captured
from sources.sheets.standing import Standing


@dataclass(frozen=True)
class Surroundings:
    """What stands around the figures of a block: the rows of its sheet by number, and the name of the file."""

    standing: Standing
    file_name: str

    def text(self, row_no: int, col_no: int) -> str | None:
        """The text in one cell of the sheet."""
        sheet = self.standing.sheet
        if not 1 <= col_no < sheet.grid.width:
            return None
        row = sheet.grid.filter(pl.col("row_no") == row_no)
        text: str | None = row.item(0, str(col_no)) if row.height else None
        return text

    def constant(self, label: Label) -> str | None:
        """A label that is the same for the whole block."""
        if label.text is not None:
            return label.text
        if label.cell is not None:
            return captured(label.pattern, self.text(*self.address(label)))
        return captured(label.pattern, self.file_name if label.file_name else self.standing.sheet.name)

    def address(self, label: Label) -> tuple[int, int]:
        """Row and column of a label that stands in one cell."""
        row_no, col_no = label.address
        return row_no + self.standing.offset, col_no


def misplaced(around: Surroundings) -> Reject | None:
    """The reject of a block one of whose labels for all figures does not stand where declared."""
    sheet = around.standing.sheet
    for label in around.standing.block.labels.by_name.values():
        if label.cell and not around.constant(label):
            row_no, col_no = around.address(label)
            return Reject("file.missing_label", sheet.number, row_no, col_no, around.text(row_no, col_no))
        if (label.sheet_name or label.file_name) and not around.constant(label):
            return Reject(
                "file.missing_label", sheet.number, text=sheet.name if label.sheet_name else around.file_name
            )
    return None


def labelled(figures: pl.DataFrame, around: Surroundings) -> pl.DataFrame:
    """Figures (row_no, col_no, value_text) with a column for each declared label, named as in a cell."""
    for name, label in around.standing.block.labels.by_name.items():
        column = CELL_COLUMN_OF_LABEL[name]
        if label.column or label.heading:
            figures = figures.join(
                _beside(label, column, around), on="row_no", how="left", maintain_order="left"
            )
        elif label.rows:
            figures = figures.join(
                _above(label, column, around), on="col_no", how="left", maintain_order="left"
            )
        else:
            figures = figures.with_columns(pl.lit(around.constant(label), pl.String).alias(column))
    return figures


def _beside(label: Label, name: str, around: Surroundings) -> pl.DataFrame:
    """One label per row: from a column of its own row, or of the last row above without figures."""
    standing = around.standing
    # A text is carried down over rows that are not wanted as well: they stand where they stand.
    rows = standing.rows if label.heading else standing.all_rows
    column = str(column_number(label.column or label.heading or ""))
    text = pl.col(column) if column in rows.columns else pl.lit(None, pl.String)
    if label.heading:
        text = pl.when(pl.all_horizontal(pl.col(standing.columns).is_null())).then(text)
    if label.carry or label.heading:
        text = text.forward_fill()
    # Last, so that a heading of another form labels nothing rather than leave the one before in force.
    return rows.select("row_no", _taken(text, label).alias(name))


def _above(label: Label, name: str, around: Surroundings) -> pl.DataFrame:
    """One label per column: the texts of its rows, joined.

    A blank takes the text to its left only when declared, and only under the same text of the row above.
    """
    columns = around.standing.all_columns
    grid = around.standing.sheet.grid
    heading = pl.DataFrame({"col_no": [int(column) for column in columns]}, schema={"col_no": pl.UInt16})
    group: list[str] = []
    for row in label.rows:
        cells = grid.filter(pl.col("row_no") == row + around.standing.offset).select(columns)
        texts = cells.row(0) if cells.height else (None,) * len(columns)
        part = f"{name}_{row}"
        heading = heading.with_columns(pl.Series(part, texts, dtype=pl.String))
        if label.carry:
            filled = pl.col(part).forward_fill()
            # Where a new text of the row above begins, what stood to the left is no more the heading.
            heading = heading.with_columns(filled.over(group, order_by="col_no") if group else filled)
        heading = heading.with_columns(
            pl.struct(*group, part).rle_id().cast(pl.String).alias(f"{part}_group")
        )
        group = [f"{part}_group"]
    parts = [f"{name}_{row}" for row in label.rows]
    text = pl.concat_str(parts, separator="/", ignore_nulls=True) if len(parts) > 1 else pl.col(parts[0])
    joined = heading.select("col_no", pl.when(text != "").then(text).alias(name))
    return joined.with_columns(_taken(pl.col(name), label).alias(name))


def _taken(text: pl.Expr, label: Label) -> pl.Expr:
    """The label in a text: the first group of its pattern, or the whole."""
    if label.pattern is None:
        return text
    pattern = label.pattern
    return text.map_elements(lambda one: captured(pattern, one), return_dtype=pl.String)
