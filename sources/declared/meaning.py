"""What the labels of a source mean, and what it adds to the registers: as `source.yml` declares it.

Applying it is the dbt project's matter.
"""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sources.declared.part import AreaType, Declared, Identifier, Title, Year

Ratio = Annotated[float, Field(gt=0)]
RefArea = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9_-]{0,31}$")]


FULL_WIDTH = {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)}


class Years(Declared):
    """What holds from `first_year` to `last_year`, or without end where one is absent."""

    first_year: Year | None = None
    last_year: Year | None = None

    @model_validator(mode="after")
    def _end_after_they_begin(self) -> Self:
        if self.first_year and self.last_year and self.first_year > self.last_year:
            raise ValueError(f"first_year {self.first_year} is after last_year {self.last_year}")
        return self


class Series(Years):
    """What an indicator label means, in the years from `first_year` to `last_year`.

    Definition and basis are those of the register where not stated.
    """

    label: str
    indicator: Identifier
    area_type: AreaType | None = None
    unit: str | None = Field(default=None, description="where the table states none")
    definition: str | None = None
    basis: Identifier | None = None

    def overlaps(self, other: "Series") -> bool:
        """Whether a year belongs to both."""
        firsts, lasts = (self.first_year, other.first_year), (self.last_year, other.last_year)
        return max(year or 0 for year in firsts) <= min(year or 9999 for year in lasts)


class Break(Declared):
    """From `year` on the figures are not comparable with those before, though label and basis stay."""

    indicator: Identifier
    year: Year
    reason: str
    area_type: AreaType | None = Field(default=None, description="all when absent")
    ref_areas: tuple[RefArea, ...] = Field(default=(), description="all when empty")


class Event(Declared):
    """What makes the figures of `year` jump, known and documented: a census, a correction. The series goes on."""

    indicator: Identifier
    year: Year
    reason: Title
    citation: Annotated[str, Field(min_length=1)]
    area_type: AreaType | None = Field(default=None, description="all when absent")
    ref_areas: tuple[RefArea, ...] = Field(default=(), description="all when empty")


class ChildrenOf(Declared):
    """All areas directly below one, as the code list of each year has them."""

    children_of: RefArea


class Coverage(Years):
    """Observations that the source must hold: each indicator, in each area, in each year."""

    indicator: Identifier
    area_type: AreaType
    areas: Literal["provinces"] | tuple[RefArea, ...] | ChildrenOf
    first_year: Year
    last_year: Year


class Indicator(Declared):
    """An indicator that the register lacks."""

    indicator: Identifier
    name: Title
    unit_measure: str
    display_unit: str
    quantity: str = "other"
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    direction: Literal[-1, 0, 1] = 0
    min_value: float | None = None
    max_value: float | None = None
    bounds_reason: str | None = None
    definition: str
    basis: Identifier
    standard: str | None = None
    is_additive: bool = Field(
        default=False, description="whether the values of areas add up to that of their union"
    )


class Unit(Declared):
    """A unit text that the register lacks: one of it is `multiplier` of `unit_measure`."""

    text: str
    unit_measure: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    multiplier: Annotated[float, Field(ge=1e-12, le=1e12, allow_inf_nan=False)] = 1

    @property
    def plain(self) -> str:
        """The text in half width, without white space and in capitals, as units are compared."""
        return re.sub(r"\s", "", self.text.translate(FULL_WIDTH)).upper()


class Mark(Declared):
    """A footnote sign beside a figure, and what it says of the figure."""

    mark: str
    obs_status: Annotated[str, Field(pattern=r"^[A-Z]$")]
    meaning: str


class Area(Years):
    """An area beyond the code list, such as a development zone; never summed into its parent."""

    ref_area: RefArea
    name: Title
    level: Literal["special", "country"] = "special"
    parent: RefArea | None = None


class AreaGroup(Declared):
    """Areas that are compared with each other, such as an economic circle or the mountain counties."""

    area_group: Identifier
    name: Title
    ref_areas: Annotated[tuple[RefArea, ...], Field(min_length=1)]
    citation: str


class AreaChange(Declared):
    """A change of areas that the code list does not tell, or the share of a part that was split off."""

    from_area: RefArea
    to_area: RefArea
    year: Year
    kind: Literal["rename", "recode", "merge", "split"]
    weight: Annotated[Ratio, Field(le=1)] | None = None
    citation: str
