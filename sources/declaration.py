"""What `source.yml` may say: origin, licence, layout, meaning of the labels, coverage.

Unknown keys are refused. Where sources are looked for is the catalogue's matter; how a layout is applied to a
file is the readers'.
"""

import datetime
import itertools
import re
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from sources.cell import column_number
from sources.errors import SourceError
from sources.refusal import refusal

AreaType = Literal["total", "urban", "rural"]
Encoding = Literal["auto", "utf-8", "gb18030"]
Column = Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
Position = Annotated[int, Field(ge=1)]


class Declared(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Declared):
    """The name of the source for people, in both languages."""

    en: str
    zh: str


class DeclaredFile(Declared):
    """What is known of one file beyond what the source says of all."""

    name: str
    vintage: datetime.date | None = None
    note: str | None = None


class Label(Declared):
    """Where the label of a data cell stands: in its row, above it, in one cell for all, or only in `text`."""

    column: Column | None = None
    row: Position | None = None
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")] | None = None
    text: str | None = None
    carry: bool = Field(
        default=False, description="a blank takes the text before it, as under a merged heading"
    )
    pattern: str | None = Field(default=None, description="regular expression whose first group is the label")

    @field_validator("pattern")
    @classmethod
    def _has_a_group(cls, pattern: str | None) -> str | None:
        if pattern is not None and _compiled(pattern).groups < 1:
            raise ValueError("needs a group ( ) around the label")
        return pattern

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> Self:
        if sum(place is not None for place in (self.column, self.row, self.cell, self.text)) != 1:
            raise ValueError("needs exactly one of column, row, cell, text")
        return self

    @property
    def address(self) -> tuple[int, int]:
        """Row and column, from 1, of a label that stands in one `cell`."""
        letters = (self.cell or "").rstrip("0123456789")
        return int((self.cell or "")[len(letters) :]), column_number(letters)


class Labels(Declared):
    """The four labels that every data cell has."""

    ref_area: Label
    time_period: Label
    indicator: Label
    unit: Label

    @property
    def by_name(self) -> dict[str, Label]:
        """The labels under their names."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Block(Declared):
    """One block of a table: a rectangle of data cells that opens at `first_row`, `first_column`."""

    sheet: str | None = Field(default=None, description="name of the sheet; the first one when absent")
    labels: Labels
    first_row: Position
    first_column: Column
    note: str = Field(
        default=r"^(注|资料来源|数据来源|说明|Note)", description="a row that opens so ends the block"
    )

    @field_validator("note")
    @classmethod
    def _is_a_pattern(cls, note: str) -> str:
        return _compiled(note).pattern


class TidyLayout(Declared):
    """One row per observation under a header of SDMX names."""

    kind: Literal["tidy"]
    encoding: Encoding = "auto"


class TableLayout(Declared):
    """Blocks of figures with headings, as a yearbook or a data portal prints them."""

    kind: Literal["table"]
    encoding: Encoding = "auto"
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]


class Series(Declared):
    """What an indicator label means, in the years from `first_year` to `last_year`."""

    label: str
    indicator: str
    area_type: AreaType = "total"
    definition: str
    basis: str
    first_year: int | None = None
    last_year: int | None = None

    def overlaps(self, other: "Series") -> bool:
        """Whether a year belongs to both."""
        firsts, lasts = (self.first_year, other.first_year), (self.last_year, other.last_year)
        return max(year or 0 for year in firsts) <= min(year or 9999 for year in lasts)


class Coverage(Declared):
    """The observations that the source is expected to hold."""

    indicator: str
    area_type: AreaType
    areas: Literal["provinces"] | tuple[str, ...]
    first_year: int
    last_year: int


class Declaration(Declared):
    """A source as its `source.yml` declares it."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Title
    producer: str
    citation: str
    licence: str
    frequency: Literal["A"]
    authority: Literal["yearbook", "release", "report"]
    priority: int = 100
    vintage: datetime.date | None = None
    max_quarantined_pct: Annotated[float, Field(ge=0, le=100)] = 5
    files: tuple[DeclaredFile, ...] = ()
    layout: Annotated[TidyLayout | TableLayout, Field(discriminator="kind")]
    series: tuple[Series, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    _folder: Path = PrivateAttr()

    @field_validator("series")
    @classmethod
    def _mean_one_thing_a_year(cls, series: tuple[Series, ...]) -> tuple[Series, ...]:
        for one, other in itertools.combinations(series, 2):
            if one.label == other.label and one.overlaps(other):
                raise ValueError(f"two entries for the label “{one.label}” share years")
        return series

    @property
    def folder(self) -> Path:
        """The folder that holds `source.yml`."""
        return self._folder

    @property
    def bundled_files(self) -> list[Path]:
        """The data files beside `source.yml`, by name; none when it has no `files` folder."""
        return sorted(path for path in (self.folder / "files").glob("[!.~]*") if path.is_file())


def load_declaration(folder: Path) -> Declaration:
    """Reads `source.yml` of a source's folder.

    Raises:
        SourceError: the file is absent or no YAML, or a key is unknown, missing or wrong.
    """
    path = folder / "source.yml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise SourceError("source.missing_file", file=path) from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise SourceError("source.not_yaml", file=path, problem=" ".join(str(problem).split())) from problem
    try:
        declaration = Declaration.model_validate(content)
    except ValidationError as problem:
        raise refusal(path, problem.errors()) from problem
    if declaration.source != folder.name:
        raise SourceError("source.wrong_name", file=path, name=declaration.source, folder=folder.name)
    declaration._folder = folder
    return declaration


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"is no regular expression: {problem}") from problem
