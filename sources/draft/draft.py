"""Drafting the declaration of a source from one of its files: where its figures and labels seem to stand.

Here: from a file to the parts of a `source.yml`, tried on the file itself. Not here: how the draft is spelled and where
it is kept. Nothing of the file is read outside the reader process.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from sources.address import column_letters
from sources.cell import Reading
from sources.declared.part import OPEN
from sources.declared.source import Declaration
from sources.draft.blocks import Table, tables_of
from sources.draft.labels import labels_of
from sources.draft.meaning import Meaning, meanings, unit_entries
from sources.draft.page import UNIT_LINE, WITHIN_YEAR, Known, Page, pages_of
from sources.draft.units import ASIDE, titles
from sources.errors import SourceError
from sources.reading import Reader
from sources.sheets.tidy import MANDATORY

IDLE = re.compile(r"^(目录|目錄|说明|封面|填表说明|[Cc]ontents|[Ii]ndex|[Rr]eadme|[Nn]otes?)$")
HEAD = {
    "title": {"en": OPEN, "zh": OPEN}, "producer": OPEN, "citation": OPEN, "licence": OPEN, "frequency": "A",
    "authority": "report",
}  # fmt: skip
EVERY_TEXT = {
    "kind": "table",
    "blocks": [
        {
            "sheets": "",
            "first_row": 1,
            "first_column": "A",
            "note": ".^",
            "labels": {name: {"text": OPEN} for name in ("ref_area", "time_period", "indicator", "unit")},
        }
    ],
}
"""A layout by which every text is a figure: so the reader process hands over a whole file."""


@dataclass(frozen=True)
class Draft:
    """The parts of a `source.yml`, as plain data.

    Attributes:
        layout: where things stand.
        title: of the first table, if it has one.
        meanings: what each indicator label may mean; none for a tidy file, whose labels speak for themselves.
        units: entries for unit texts that the register lacks.
        reading: what the file gives by that layout.
        figures: how many figures were seen in the tables.
    """

    layout: Mapping[str, Any]
    title: str
    meanings: tuple[Meaning, ...]
    units: tuple[dict[str, Any], ...]
    reading: Reading
    figures: int

    @property
    def frequency(self) -> str:
        """The frequency of its figures, by the periods that were read: A, S, Q or M."""
        periods = self.reading.cells["time_label"].drop_nulls().unique().to_list()
        return next((one for one, part in WITHIN_YEAR.items() if any(map(part.match, periods))), "A")


def draft(path: Path, source: str, known: Known, reader: Reader) -> Draft:
    """Looks at a file and drafts its layout.

    Args:
        path: the file; its name tells its kind.
        source: the name of the source.
        known: what the registers know.
        reader: reads it, however often.

    Raises:
        SourceError: `draft.unreadable` with what the reader said, `draft.no_table` where no table is seen.
        OSError: the file cannot be opened.
    """
    whole = reader.read(path, _declaration(source, EVERY_TEXT), path.name)
    if whole.cells.is_empty():
        first = whole.rejects[0]
        raise SourceError("draft.unreadable", file=path, reject=first.code, text=first.text or "")
    pages = pages_of(whole.cells, whole.sheets)
    if _is_tidy(pages[0]):
        layout: dict[str, Any] = {"kind": "tidy"}
        reading = reader.read(path, _declaration(source, layout), path.name)
        return Draft(layout, "", (), (), reading, reading.cells.height)
    tables = [table for page in pages if not IDLE.match(page.name) for table in tables_of(page, known)]
    if not tables:
        raise SourceError("draft.no_table", file=path)
    layout, stated = _layout(pages, tables, known, path.name)
    reading = reader.read(path, _declaration(source, _with_units(layout)), path.name)
    labels = _labels(reading.cells, stated)
    units = unit_entries(labels.values(), source, known)
    more = replace(known, units={**known.units, **{one["text"]: one["unit_measure"] for one in units}})
    drafted = meanings(labels.items(), source, more)
    if any("unit" not in block["labels"] for block in layout["blocks"]):
        drafted = [
            replace(one, series={**one.series, "unit": labels[one.series["label"]] or OPEN})
            for one in drafted
        ]
    seen = sum(_count(table) for table in tables)
    return Draft(layout, _title(tables[0]), tuple(drafted), tuple(units), reading, seen)


def _declaration(source: str, layout: Mapping[str, Any]) -> Declaration:
    return Declaration.model_validate({**HEAD, "source": source, "layout": layout})


def _is_tidy(page: Page) -> bool:
    first = page.rows[min(page.rows)]
    return set(MANDATORY) <= {text.upper() for text in first.values()}


def _layout(
    pages: list[Page], tables: list[Table], known: Known, file_name: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The blocks, those of equal sheets told once, and the units that only some labels name."""
    by_page: dict[int, list[dict[str, Any]]] = {}
    stated: dict[str, str] = {}
    for table in tables:
        labels, units = labels_of(table, known, file_name)
        stated |= units
        by_page.setdefault(table.page.number, []).append(_block(table, labels))
    alike: dict[str, list[Page]] = {}
    for page in pages:
        if page.number in by_page:
            alike.setdefault(json.dumps(by_page[page.number], sort_keys=True), []).append(page)
    blocks = [{**_sheets(same), **block} for told, same in alike.items() for block in by_page[same[0].number]]
    layout: dict[str, Any] = {"kind": "table", "blocks": blocks}
    idle = [page.name for page in pages if page.number not in by_page and page.name]
    if idle:
        layout["skip_sheets"] = f"^(?:{'|'.join(map(re.escape, idle))})$"
    return layout, stated


def _block(table: Table, labels: dict[str, Any]) -> dict[str, Any]:
    block: dict[str, Any] = {
        "labels": labels,
        "first_row": table.first_row,
        "first_column": column_letters(table.first),
    }
    if table.last:
        block["last_column"] = column_letters(table.last)
    if table.skipped:
        block["skip_columns"] = [column_letters(column) for column in table.skipped]
    return block


def _sheets(pages: list[Page]) -> dict[str, str]:
    """How a block names its sheets: not at all where it is the first one."""
    if len(pages) == 1:
        return {} if pages[0].number == 1 else {"sheet": pages[0].name}
    shapes = {re.sub(r"\d+", r"\\d+", re.escape(page.name)) for page in pages}
    return {"sheets": f"^{shapes.pop()}$" if len(shapes) == 1 else _one_of(pages)}


def _one_of(pages: list[Page]) -> str:
    return f"^(?:{'|'.join(re.escape(page.name) for page in pages)})$"


def _with_units(layout: dict[str, Any]) -> dict[str, Any]:
    """The layout with a place for the unit in every block, so that it can be tried before the series are known."""
    blocks = [{**block, "labels": {"unit": {"text": OPEN}, **block["labels"]}} for block in layout["blocks"]]
    return {**layout, "blocks": blocks}


def _labels(cells: pl.DataFrame, stated: Mapping[str, str]) -> dict[str, str | None]:
    """The indicator labels in the order of the file, each with its unit."""
    pairs = cells.select("indicator_label", "unit_text").unique(maintain_order=True)
    found: dict[str, str | None] = {}
    for label, unit in pairs.iter_rows():
        found.setdefault(label, stated.get(label) or (unit if unit != OPEN else None))
    return found


def _title(table: Table) -> str:
    found = [text for _, _, text in titles(table) if not UNIT_LINE.search(text) and not ASIDE.match(text)]
    return found[0] if found else ""


def _count(table: Table) -> int:
    """How many cells are filled where figures are expected, those of rows that hold nothing but texts there too."""
    rows = range(table.data[0], table.data[-1] + 1)
    return sum(bool(table.page.text(row, column)) for row in rows for column in table.figures)
