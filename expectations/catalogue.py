"""The catalogue of plausibility rules, and what holds each of its entries: rules, something else, or nothing and why.

Here: reading `catalogue.yml` and holding it against the rules. Not here: the rules themselves (`rulebook`), the
document made of both (`dictionary`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, TypeAdapter, model_validator

from expectations.rule import Rule, Strict, Words

BUNDLED = Path(__file__).parent / "catalogue.yml"


class Entry(Strict):
    """What one entry asks, and what is said of it where no rule carries it out.

    Attributes:
        asks: what should hold.
        elsewhere: what holds it, if no rule does.
        not_evaluable: what is missing to tell.
        open: what rule it waits for.
    """

    asks: Words
    elsewhere: Words | None = None
    not_evaluable: Words | None = None
    open: Words | None = None

    @model_validator(mode="after")
    def _one_word_of_it(self) -> Self:
        if sum(said is not None for said in (self.elsewhere, self.not_evaluable, self.open)) > 1:
            raise ValueError("an entry is held elsewhere, not evaluable or open, and but one of them")
        return self


class Group(Strict):
    """Entries of one kind."""

    title: Words
    entries: Annotated[dict[str, Entry], Field(min_length=1)]


@dataclass(frozen=True)
class Gap:
    """An entry of which the rules and the catalogue do not say one thing."""

    entry: str
    problem: str


def load_catalogue(file: Path = BUNDLED) -> dict[str, Group]:
    """The groups by their letter."""
    content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Group]).validate_python(content)


def carried_out(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """The rules by the entries that they carry out."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for entry in rule.catalogue:
            found.setdefault(entry, []).append(rule)
    return found


def gaps(catalogue: Mapping[str, Group], rules: Iterable[Rule]) -> list[Gap]:
    """Entries that nothing is said of, that are said twice, or that do not exist."""
    entries = {name: entry for group in catalogue.values() for name, entry in group.entries.items()}
    ruled = carried_out(rules)
    found = [Gap(name, "a rule names it, the catalogue does not") for name in ruled if name not in entries]
    for name, entry in entries.items():
        said = entry.elsewhere or entry.not_evaluable or entry.open
        if name in ruled and said:
            found.append(Gap(name, f"{ruled[name][0].name} carries it out, yet the catalogue says: {said}"))
        if name not in ruled and not said:
            found.append(Gap(name, "no rule carries it out, and the catalogue says nothing of it"))
    return found
