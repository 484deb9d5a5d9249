"""Where things stand in a file, as `source.yml` declares it. How a layout is applied is the readers' matter."""

import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from sources.address import column_number
from sources.declared.answer_layout import NbsQueryLayout, NbsReleaseLayout, WorldBankLayout
from sources.declared.part import Capturing, Column, Declared, FileLayout, Pattern, Position
from sources.declared.sdmx_layout import SdmxLayout

Encoding = Literal["auto", "utf-8", "gb18030"]
Several = Annotated[tuple[Position, ...], Field(min_length=2)]


class Label(Declared):
    """Where the label of a figure stands: in one place of those below, or nowhere but in `text`."""

    column: Column | None = Field(default=None, description="in this column of the figure's row")
    row: Position | Several | None = Field(
        default=None, description="above the figure in this row; of several rows, joined by '/'"
    )
    heading: Column | None = Field(
        default=None, description="in this column of the last row above that holds no figures"
    )
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")] | None = None
    sheet_name: Literal[True] | None = None
    file_name: Literal[True] | None = None
    text: str | None = None
    carry: bool = Field(
        default=False, description="a blank takes the text before it, as under a merged heading"
    )
    pattern: Capturing | None = None

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> Self:
        places = ("column", "row", "heading", "cell", "sheet_name", "file_name", "text")
        if sum(getattr(self, place) is not None for place in places) != 1:
            raise ValueError(f"needs exactly one of {', '.join(places)}")
        return self

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows above the figures that hold the label; none when it stands elsewhere."""
        return (self.row,) if isinstance(self.row, int) else self.row or ()

    @property
    def address(self) -> tuple[int, int]:
        """Row and column, from 1, of a label that stands in one `cell`."""
        letters = (self.cell or "").rstrip("0123456789")
        return int((self.cell or "")[len(letters) :]), column_number(letters)


class Labels(Declared):
    """The labels of every figure. A figure needs those that are declared.

    `unit` may be left out where each entry of `series` states one.
    """

    ref_area: Label
    time_period: Label
    indicator: Label
    unit: Label | None = None
    area_type: Label | None = None
    parent_area: Label | None = Field(default=None, description="the area above, where names repeat")
    vintage: Label | None = None

    @property
    def by_name(self) -> dict[str, Label]:
        """The declared labels under their names."""
        return {name: label for name in type(self).model_fields if (label := getattr(self, name))}


class Block(Declared):
    """A rectangle of figures that opens at `first_row`, `first_column`, with the labels around it.

    It ends at a row that opens with a note, at the next block of its sheet, or with the sheet.
    """

    sheet: str | None = Field(default=None, description="name of the sheet; the first one when absent")
    sheets: Pattern | None = Field(default=None, description="or: every sheet whose name matches")
    starts: Pattern | None = Field(
        default=None,
        description="the block stands wherever the first text of a row matches; rows count from that row as 1",
    )
    labels: Labels
    first_row: Position
    first_column: Column
    last_row: Position | None = None
    last_column: Column | None = None
    skip_columns: tuple[Column, ...] = Field(default=(), description="columns that are not wanted")
    skip_rows: Pattern | None = Field(
        default=None, description="rows whose first text matches are not wanted"
    )
    note: Pattern = r"^(注|资料来源|数据来源|说明|Note)"

    @model_validator(mode="after")
    def _names_sheets_in_one_way(self) -> Self:
        if self.sheet is not None and self.sheets is not None:
            raise ValueError("needs one of sheet and sheets, not both")
        return self


class SheetLayout(FileLayout):
    """What the layouts of workbooks and delimited texts share."""

    endings: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".xlsx", ".xls", ".ods")


class TidyLayout(SheetLayout):
    """One row per observation under a header of SDMX names."""

    kind: Literal["tidy"]
    encoding: Encoding = "auto"


class TableLayout(SheetLayout):
    """Blocks of figures with headings, as a yearbook or a data portal prints them."""

    kind: Literal["table"]
    encoding: Encoding = "auto"
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]
    skip_sheets: Pattern | None = Field(default=None, description="sheets whose names match are not wanted")


Layout = Annotated[
    TidyLayout | TableLayout
    | NbsQueryLayout
    | NbsReleaseLayout
    | WorldBankLayout
    | SdmxLayout,
    Field(discriminator="kind"),
]  # fmt: skip


class VintageInName(Declared):
    """The date of publication stands in the names of the files: YYYY, YYYY-MM or YYYY-MM-DD."""

    file_name: Capturing


Vintage = datetime.date | VintageInName


class Format(Declared):
    """All that reading a file needs to know of its source."""

    vintage: Vintage | None = None
    layout: Layout
