"""What `source.yml` may say: origin, licence, where things stand, what they mean, what must be there.

Unknown keys are refused. Where sources are looked for is the catalogue's matter; the parts of a declaration stand in
`layout.py` (where) and `meaning.py` (what).
"""

import datetime
import itertools
from collections.abc import Hashable
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from sources.declared.layout import Format, TableLayout
from sources.declared.meaning import (
    Area,
    AreaChange,
    AreaGroup,
    Break,
    Coverage,
    Event,
    Indicator,
    Mark,
    Series,
    Unit,
)
from sources.declared.part import Declared, Identifier, Title
from sources.declared.refusal import refusal
from sources.declared.service import Service
from sources.errors import SourceError


class DeclaredFile(Declared):
    """What is known of one file beyond what the source says of all."""

    name: str
    vintage: datetime.date | None = None
    note: str | None = Field(default=None, description="for whoever reads `source.yml`; stored nowhere else")


class Declaration(Format):
    """A source as its `source.yml` declares it."""

    source: Identifier
    title: Title
    producer: str
    citation: str
    licence: str
    frequency: Literal["A", "S", "Q", "M"]
    authority: Literal["yearbook", "release", "report"]
    priority: int = 100
    max_quarantined_pct: Annotated[float, Field(ge=0, le=100)] = 5
    files: tuple[DeclaredFile, ...] = ()
    service: Service | None = None
    series: tuple[Series, ...] = ()
    breaks: tuple[Break, ...] = ()
    events: tuple[Event, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    units: tuple[Unit, ...] = ()
    marks: tuple[Mark, ...] = ()
    areas: tuple[Area, ...] = ()
    area_groups: tuple[AreaGroup, ...] = ()
    area_changes: tuple[AreaChange, ...] = ()
    _folder: Path = PrivateAttr()

    @field_validator("series")
    @classmethod
    def _mean_one_thing_a_year(cls, series: tuple[Series, ...]) -> tuple[Series, ...]:
        for one, other in itertools.combinations(series, 2):
            if one.label == other.label and one.overlaps(other):
                raise ValueError(f"two entries for the label “{one.label}” share years")
        return series

    @field_validator("files")
    @classmethod
    def _are_told_of_once(cls, files: tuple[DeclaredFile, ...]) -> tuple[DeclaredFile, ...]:
        _refuse_twice([file.name for file in files])
        return files

    @field_validator("units")
    @classmethod
    def _are_worth_one_thing(cls, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
        _refuse_twice([unit.plain for unit in units])
        return units

    @field_validator("marks")
    @classmethod
    def _say_one_thing(cls, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        _refuse_twice([mark.mark for mark in marks])
        return marks

    @model_validator(mode="after")
    def _are_asked_for_what_is_read(self) -> Self:
        if self.service:
            self.service.check_answers(self.layout)
        return self

    @model_validator(mode="after")
    def _state_a_unit(self) -> Self:
        if isinstance(self.layout, TableLayout) and any(
            block.labels.unit is None for block in self.layout.blocks
        ):
            without = [f"series[{at}]" for at, one in enumerate(self.series) if one.unit is None]
            if without or not self.series:
                raise ValueError(
                    f"no unit is stated: name its place under labels, or in {', '.join(without) or 'series'}"
                )
        return self

    @property
    def folder(self) -> Path:
        """The folder that holds `source.yml`."""
        return self._folder


def _refuse_twice(names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two entries for “{twice}”")


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses a key stated twice, of which YAML would keep the last, and says where it fails."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, AttributeError, LookupError) as problem:
            raise yaml.MarkedYAMLError("", node.start_mark, str(problem), node.start_mark) from problem

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.MarkedYAMLError(
                "", node.start_mark, f"the key “{twice}” stands twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


def load_declaration(folder: Path) -> Declaration:
    """Reads `source.yml` of a source's folder.

    Raises:
        SourceError: the file is absent or no YAML, or a key is unknown, missing or wrong.
    """
    path = folder / "source.yml"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError as problem:
        raise SourceError("source.missing_file", file=path) from problem
    # A date or number that is none is a bare ValueError of YAML, as bytes that are no UTF-8 are.
    except (yaml.YAMLError, ValueError) as problem:
        raise SourceError("source.not_yaml", file=path, problem=" ".join(str(problem).split())) from problem
    except RecursionError as problem:
        raise SourceError("source.not_yaml", file=path, problem="nested too deeply") from problem
    try:
        declaration = Declaration.model_validate(content)
    except ValidationError as problem:
        raise refusal(path, problem.errors()) from problem
    if declaration.source != folder.name:
        raise SourceError("source.wrong_name", file=path, name=declaration.source, folder=folder.name)
    declaration._folder = folder
    return declaration
