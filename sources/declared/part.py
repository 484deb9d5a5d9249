"""What every part of a declaration shares: unknown keys are refused, and a pattern must be a regular expression."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

OPEN = "?"
"""Stands in a draft where only a person can tell."""

AreaType = Literal["total", "urban", "rural"]
Column = Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
Position = Annotated[int, Field(ge=1)]
Year = Annotated[int, Field(ge=1000, le=9999)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Declared(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileLayout(Declared):
    """What every layout says: how the names of the files end that it reads."""

    endings: ClassVar[tuple[str, ...]] = ()


class Title(Declared):
    """A name for people, in both languages."""

    en: str
    zh: str


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as problem:
        raise ValueError(f"is no regular expression: {problem}") from problem
    return text


def _capturing(text: str) -> str:
    if re.compile(text).groups < 1:
        raise ValueError("needs a group ( ) around the label")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression that is searched in a text."""

Capturing = Annotated[Pattern, AfterValidator(_capturing)]
"""A regular expression whose first group is what is meant."""


def captured(pattern: str | None, text: str | None) -> str | None:
    """What a pattern takes from a text: its first group, the whole text without a pattern, None when absent."""
    if text is None or pattern is None:
        return text
    found = re.search(pattern, text)
    return (found[1] or "").strip() or None if found else None
