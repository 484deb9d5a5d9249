"""Where the declared blocks stand on the sheets of a file, and which of its rows and columns may hold figures."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sources.cell import column_number
from sources.declared.layout import Block, TableLayout
from sources.sheets.sheet import Sheet


@dataclass(frozen=True)
class Standing:
    """A block on a sheet.

    Attributes:
        block: what is declared.
        sheet: where it stands.
        offset: the rows above the one that the block counts as 1.
        following: the first row of the next block; None when the sheet ends the block.
    """

    block: Block
    sheet: Sheet
    offset: int = 0
    following: int | None = None

    @property
    def first(self) -> int:
        """The first row that may hold figures."""
        return self.block.first_row + self.offset

    @cached_property
    def end(self) -> int:
        """The first row that is no more of the block: a note, the next block, or behind the last row."""
        after = self.sheet.grid.filter(pl.col("row_no") >= self.first)
        notes = after.filter(first_texts(after).str.contains(self.block.note))
        ends = [int(row_no) + 1 for row_no in after["row_no"].tail(1)] or [self.first]
        ends += [int(row_no) for row_no in notes["row_no"].head(1)]
        if self.block.last_row:
            ends.append(self.block.last_row + self.offset + 1)
        return min([*ends, self.following]) if self.following else min(ends)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows that may hold figures, those that are not wanted left out."""
        rows = self.sheet.grid.filter(pl.col("row_no").is_between(self.first, self.end - 1))
        if not self.block.skip_rows:
            return rows
        return rows.filter(~first_texts(rows).str.contains(self.block.skip_rows))

    @property
    def columns(self) -> list[str]:
        """The columns that may hold figures."""
        first = column_number(self.block.first_column)
        last = column_number(self.block.last_column) if self.block.last_column else self.sheet.grid.width
        skipped = {column_number(letters) for letters in self.block.skip_columns}
        return [
            name
            for name in self.sheet.text_columns
            if first <= int(name) <= last and int(name) not in skipped
        ]


def standings(layout: TableLayout, block: Block, sheets: list[Sheet]) -> Iterator[Standing]:
    """Where a block stands: once on each of its sheets, or at each row that opens as declared."""
    for sheet in sheets_of(block, sheets):
        if block.starts is None:
            openings = [other.opening for other in layout.blocks if sheet in sheets_of(other, sheets)]
            yield Standing(
                block, sheet, following=min((row for row in openings if row > block.first_row), default=None)
            )
            continue
        rows = sheet.grid.filter(first_texts(sheet.grid).str.contains(block.starts))["row_no"].to_list()
        for row, following in itertools.pairwise([*rows, None]):
            yield Standing(block, sheet, row - 1, following)


def sheets_of(block: Block, sheets: list[Sheet]) -> list[Sheet]:
    """The sheets that a block names; the first one when it names none."""
    if block.sheets is not None:
        return [sheet for sheet in sheets if re.search(block.sheets, sheet.name)]
    return [sheet for sheet in sheets if block.sheet in (None, sheet.name)][:1]


def first_texts(grid: pl.DataFrame) -> pl.Series:
    """The first text of each row."""
    return grid.select(pl.coalesce(pl.all().exclude("row_no"))).to_series()
