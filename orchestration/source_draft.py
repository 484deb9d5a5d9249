"""A new source from one of its files: the draft spelled as a commented `source.yml`, and what it makes of the file.

Here: writing, and telling what remains to be done. Not here: looking at the file (`sources/draft/draft.py`).
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.check_report import unread
from orchestration.errors import OrchestrationError
from orchestration.messages import text
from orchestration.presentation import printable
from sources.address import column_letters
from sources.cell import Reading
from sources.declared.part import OPEN
from sources.declared.source import Declaration, load_declaration
from sources.draft.draft import Draft, draft
from sources.draft.labels import NATION
from sources.errors import SourceError
from sources.reading import Reader
from warehouse.home import Home
from warehouse.register import check_names, known_names
from warehouse.settings import load_settings

NAME = re.compile(r"[a-z][a-z0-9_]*")
FIRST = 6
# As many unknown areas as are named.
NAMED = 3
# Begins every comment that asks a person something.
ASKED = "<<"
# One line an entry, however long.
UNFOLDED = 1 << 30


@dataclass(frozen=True)
class Drafted:
    """A source that was drafted: its declaration, and what it makes of the file."""

    declaration: Declaration
    draft: Draft
    reading: Reading
    file: Path


def new_source(home: Home, declarations: Mapping[str, Declaration], name: str, file: Path) -> Drafted:
    """Drafts a source and keeps it under the home, where the next command finds it.

    Raises:
        OrchestrationError: `draft.wrong_name`, `draft.exists`; nothing is written then.
        SourceError: `draft.unreadable`, `draft.no_table`; nothing is written then.
    """
    folder = home.sources / name
    if not NAME.fullmatch(name):
        raise OrchestrationError("draft.wrong_name", name=name)
    if name in declarations or folder.exists():
        there = declarations[name].folder if name in declarations else folder
        raise OrchestrationError("draft.exists", name=name, folder=there)
    if not file.is_file():
        raise OrchestrationError("check.no_file", file=file)
    with Reader(load_settings(home).reading) as reader:
        drafted = _drafted(file, name, reader)
        folder.mkdir(parents=True)
        try:
            unknown = strangers(drafted.reading)
            lines = spelled(name, drafted, file.name, unknown)
            (folder / "source.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
            declaration = load_declaration(folder)
            check_names({**declarations, name: declaration})
            reading = reader.read(file, declaration, file.name)
        except BaseException:
            shutil.rmtree(folder)
            raise
    return Drafted(declaration, drafted, reading, file)


def _drafted(file: Path, name: str, reader: Reader) -> Draft:
    try:
        return draft(file, name, known_names(), reader)
    except SourceError as error:
        if error.code != "draft.unreadable":
            raise
        told = {"file": file, "text": error.details["text"], "sheet": "", "cell": "", "row": ""}
        raise SourceError(str(error.details["reject"]), **told) from error


def strangers(reading: Reading) -> list[str]:
    """The area labels that the code list lacks, each once, in the order of the file."""
    known = known_names()
    labels = reading.cells["ref_area_label"].drop_nulls().unique(maintain_order=True)
    return [label for label in labels if not known.is_area(label)]


def spelled(name: str, drafted: Draft, file_name: str, unknown: Sequence[str]) -> Iterator[str]:
    """The lines of the `source.yml`; a comment stands where a person is asked.

    Args:
        name: of the source.
        drafted: its parts.
        file_name: from which it was drafted.
        unknown: the area labels that the code list lacks.
    """
    are_areas = 2 * len(unknown) <= drafted.reading.cells["ref_area_label"].n_unique()
    title = drafted.title or OPEN
    yield f"# {text('draft.opening', file=' '.join(file_name.split()), asked=ASKED)}"
    yield f"source: {name}"
    yield f"title: {_flow({'en': title, 'zh': title})}  # {ASKED} {text('draft.title')}"
    for key in ("producer", "citation", "licence"):
        yield f"{key}: {_flow(OPEN)}  # {ASKED} {text(f'draft.{key}')}"
    yield f"frequency: {drafted.frequency}"
    yield f"authority: report  # {ASKED} {text('draft.authority')}"
    yield f"# vintage: 2025-12-31  # {ASKED} {text('draft.vintage')}"
    yield "layout:"
    yield f"  kind: {drafted.layout['kind']}"
    if "skip_sheets" in drafted.layout:
        yield f"  skip_sheets: {_flow(drafted.layout['skip_sheets'])}"
    if "blocks" in drafted.layout:
        yield "  blocks:"
        for block in drafted.layout["blocks"]:
            yield from _block(block, are_areas)
    yield from _entries("units", [(unit, text("draft.unit")) for unit in drafted.units])
    added = [one.indicator for one in drafted.meanings if one.indicator]
    yield from _entries("indicators", [(one, text("draft.indicator")) for one in added])
    series = [(one.series, _which(one.near) if one.indicator else None) for one in drafted.meanings]
    yield from _entries("series", series)


def _block(block: Mapping[str, Any], are_areas: bool) -> Iterator[str]:
    yield "  - labels:"
    for name, label in block["labels"].items():
        is_open = label.get("text") in (OPEN, NATION)
        question = f"draft.label_{name}" if is_open else ""
        if name == "ref_area" and not is_open and not are_areas:
            question = "draft.label_strangers"
        comment = f"  # {ASKED} {text(question)}" if question else ""
        yield f"      {name}: {_flow(label)}{comment}"
    for key in block:
        if key != "labels":
            yield f"    {key}: {_flow(block[key])}"


def _entries(key: str, entries: Sequence[tuple[dict[str, Any], str | None]]) -> Iterator[str]:
    if entries:
        yield f"{key}:"
    for entry, question in entries:
        yield f"- {_flow(entry)}" + (f"  # {ASKED} {question}" if question else "")


def _which(near: tuple[str, ...]) -> str:
    return text("draft.series_near", near=", ".join(near)) if near else text("draft.series")


def _flow(value: object) -> str:
    """A value on one line; dumped inside a list, so that YAML ends it with no marker of its own."""
    dumped = yaml.safe_dump(
        [value], default_flow_style=True, allow_unicode=True, width=UNFOLDED, sort_keys=False
    )
    return dumped.strip()[1:-1]


def told(drafted: Drafted) -> Iterator[str]:
    """What was understood, what remains to be done, and how to go on."""
    declaration, reading, file = drafted.declaration, drafted.reading, drafted.file
    yield text("draft.written", file=declaration.folder / "source.yml")
    yield ""
    meaning = {one.label: one for one in declaration.series}
    for row in reading.cells.head(FIRST).iter_rows(named=True):
        place = f"{column_letters(row['col_no'])}{row['row_no']}"
        label = row["indicator_label"]
        series = meaning.get(label)
        named = f"{label} → {series.indicator}" if series else label
        unit = row["unit_text"] or (series and series.unit)
        parts = [place, row["ref_area_label"], row["time_label"], named, row["value_text"], unit]
        yield "    " + " · ".join(printable(part) for part in parts if part)
    yield ""
    yield text(
        "draft.read", cells=f"{reading.cells.height:,}", rejects=f"{len(reading.rejects):,}",
        figures=f"{drafted.draft.figures:,}",
    )  # fmt: skip
    unknown = strangers(reading)
    some = ", ".join(printable(label) for label in unknown[:NAMED]) + (", …" if len(unknown) > NAMED else "")
    yield text(
        "draft.unknown", areas=f"{len(unknown):,}" + (f" ({some})" if some else ""),
        indicators=f"{sum(one.indicator is not None for one in drafted.draft.meanings):,}",
    )  # fmt: skip
    for reject in reading.rejects[:FIRST]:
        yield f"    {unread(file.name, reject, declaration.source)}"
    lines = (declaration.folder / "source.yml").read_text(encoding="utf-8").splitlines()
    yield text("draft.remaining", count=sum(ASKED in line for line in lines[1:]), asked=ASKED)
    yield text("draft.next", file=shlex.quote(str(file)), source=declaration.source)
