"""Where the declared blocks stand on the sheets of a file, and which of its rows and columns may hold figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from sources.address import column_number
from sources.declared.layout import Block, TableLayout
from sources.sheets.sheet import Sheet


@dataclass(frozen=True)
class Standing:
    """A block on a sheet.

    Attributes:
        block: what is declared.
        sheet: where it stands.
        offset: the rows above the one that the block counts as 1.
        following: the first row of the next block below it; None when the sheet ends the block.
    """

    block: Block
    sheet: Sheet
    offset: int = 0
    following: int | None = None

    @property
    def first(self) -> int:
        """The first row that may hold figures."""
        return self.block.first_row + self.offset

    @property
    def named_rows(self) -> list[int]:
        """The rows of the sheet that the block names: those of its labels, its opening, its first figures."""
        labels = self.block.labels.by_name.values()
        rows = [row for label in labels for row in label.rows] + [self.block.first_row]
        rows += [label.address[0] for label in labels if label.cell] + ([1] if self.block.starts else [])
        return sorted(row + self.offset for row in rows)

    @cached_property
    def end(self) -> int:
        """The first row that is no more of the block: a note, the next block, or behind the last row."""
        after = self.sheet.grid.filter(pl.col("row_no") >= self.first)
        notes = after.filter(opens_with(after, self.block.note))
        ends = [int(row_no) + 1 for row_no in after["row_no"].tail(1)] or [self.first]
        ends += [int(row_no) for row_no in notes["row_no"].head(1)]
        if self.block.last_row:
            ends.append(self.block.last_row + self.offset + 1)
        return min([*ends, self.following]) if self.following else min(ends)

    @cached_property
    def all_rows(self) -> pl.DataFrame:
        """The rows of the block, those that are not wanted too."""
        return self.sheet.grid.filter(pl.col("row_no").is_between(self.first, self.end - 1))

    @cached_property
    def skipped_rows(self) -> pl.Series:
        """The numbers of the rows of the sheet that are not wanted."""
        if not self.block.skip_rows:
            return self.sheet.grid["row_no"].clear()
        return self.sheet.grid.filter(opens_with(self.sheet.grid, self.block.skip_rows))["row_no"]

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows that may hold figures."""
        return self.all_rows.filter(~pl.col("row_no").is_in(self.skipped_rows.implode()))

    @property
    def all_columns(self) -> list[str]:
        """The columns of the block, those that are not wanted too."""
        first = column_number(self.block.first_column)
        last = column_number(self.block.last_column) if self.block.last_column else self.sheet.grid.width
        return [name for name in self.sheet.text_columns if first <= int(name) <= last]

    @property
    def columns(self) -> list[str]:
        """The columns that may hold figures."""
        skipped = {str(column_number(letters)) for letters in self.block.skip_columns}
        return [name for name in self.all_columns if name not in skipped]

    def ends_before(self, other: "Standing") -> int | None:
        """The row at which another block that stands lower in the same columns begins."""
        if other.first <= self.first or not set(self.all_columns) & set(other.all_columns):
            return None
        return min(row for row in other.named_rows if row > self.first)


def standings(layout: TableLayout, sheets: list[Sheet]) -> list[Standing]:
    """Where the blocks of a layout stand, each up to where the next one in its columns begins."""
    found = [one for block in layout.blocks for one in _places(block, sheets)]
    ends = [[one.ends_before(other) for other in found if other.sheet is one.sheet] for one in found]
    return [
        replace(one, following=min(filter(None, rows), default=None))
        for one, rows in zip(found, ends, strict=True)
    ]


def _places(block: Block, sheets: list[Sheet]) -> Iterator[Standing]:
    """Once on each sheet of the block, or at each row that opens as declared."""
    for sheet in sheets_of(block, sheets):
        if block.starts is None:
            yield Standing(block, sheet)
        else:
            opening = sheet.grid.filter(opens_with(sheet.grid, block.starts))["row_no"]
            yield from (Standing(block, sheet, row - 1) for row in opening)


def sheets_of(block: Block, sheets: list[Sheet]) -> list[Sheet]:
    """The sheets that a block names; the first one when it names none."""
    if block.sheets is not None:
        return [sheet for sheet in sheets if re.search(block.sheets, sheet.name)]
    return [sheet for sheet in sheets if block.sheet in (None, sheet.name)][:1]


def opens_with(grid: pl.DataFrame, pattern: str) -> pl.Series:
    """Whether the first text of each row matches, as Python's regular expressions do everywhere in a declaration."""
    texts = grid.select(pl.coalesce(pl.all().exclude("row_no"))).to_series()
    sought = re.compile(pattern)
    return pl.Series(
        [text is not None and sought.search(text) is not None for text in texts], dtype=pl.Boolean
    )
