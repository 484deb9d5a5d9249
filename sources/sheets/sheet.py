"""A sheet of texts in rows and columns, which every file is before its layout is applied."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or the whole of a text file.

    Attributes:
        number: position in the file, from 1.
        name: name of the sheet; empty for a text file.
        grid: `row_no` (UInt32, from 1) and one string column per column of the sheet, named by its number
            from '1'; null where nothing stands. Rows without any text are absent.
    """

    number: int
    name: str
    grid: pl.DataFrame

    @property
    def text_columns(self) -> list[str]:
        """The grid's columns of text, in the order of the sheet."""
        return self.grid.columns[1:]


def sheet_of(number: int, name: str, grid: pl.DataFrame) -> Sheet:
    """A sheet of texts stripped of outer white space, with nulls for blanks and without blank rows."""
    texts = pl.all().exclude("row_no")
    stripped = grid.with_columns(pl.col("row_no").cast(pl.UInt32), texts.cast(pl.String).str.strip_chars())
    blanked = stripped.with_columns(pl.when(texts != "").then(texts))
    if blanked.width == 1:
        return Sheet(number, name, blanked.clear())
    return Sheet(number, name, blanked.filter(pl.any_horizontal(texts.is_not_null())))
