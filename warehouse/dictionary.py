"""The public relations as a document: written from the models' metadata, so that the two cannot differ.

`python -m warehouse.dictionary` writes `docs/relations.md`; `make docs` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from warehouse.home import CHECKOUT, DBT_PROJECT

DOCUMENT = CHECKOUT / "docs" / "relations.md"


@dataclass(frozen=True)
class Column:
    """A public column: name, DuckDB type in lower case, description."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Relation:
    """A public relation: its grain in words, the columns it is unique on, its columns."""

    name: str
    description: str
    unique_on: tuple[str, ...]
    columns: tuple[Column, ...]


def public_relations(folder: Path = DBT_PROJECT / "models" / "marts") -> list[Relation]:
    """The public relations as the models' metadata declares them, by name."""
    declared = [
        model
        for path in sorted(folder.rglob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ())
    ]
    return sorted(map(_relation, declared), key=lambda relation: relation.name)


def document(relations: list[Relation]) -> str:
    """The relations as Markdown."""
    return "\n".join(_lines(relations)) + "\n"


def _relation(model: dict[str, Any]) -> Relation:
    columns = tuple(
        Column(column["name"], column["data_type"], column["description"]) for column in model["columns"]
    )
    return Relation(model["name"], model["description"], tuple(_key(model)), columns)


def _key(model: dict[str, Any]) -> list[str]:
    for test in model.get("data_tests", ()):
        if "unique_combination" in test:
            return list(test["unique_combination"]["arguments"]["columns"])
    return [column["name"] for column in model["columns"] if "unique" in column.get("data_tests", ())]


def _lines(relations: list[Relation]) -> Iterator[str]:
    yield "# Public relations"
    yield ""
    yield "Schema `marts` of every release. Written by `make docs` from the models' metadata; do not edit."
    for relation in relations:
        yield ""
        yield f"## {relation.name}"
        yield ""
        yield relation.description
        if relation.unique_on:
            yield ""
            yield f"Unique on {', '.join(f'`{name}`' for name in relation.unique_on)}."
        yield ""
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for column in relation.columns:
            yield f"| `{column.name}` | {column.data_type} | {column.description} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(public_relations()), encoding="utf-8")
