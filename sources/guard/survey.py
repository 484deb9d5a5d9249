"""What all parts of a workbook say, fed one after the other as the archive is looked through."""

import re
from typing import Protocol
from xml.etree import ElementTree

from sources.cell import Reject
from sources.guard.limits import Limits
from sources.guard.open_document import OpenDocument
from sources.guard.rejected import RejectedError
from sources.guard.worksheet import Worksheet

BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
WORKSHEET = re.compile(rb"<(?:\w+:)?worksheet\b")
HEAD = 4096
"""Bytes among which a part's first element stands."""

LARGEST_INDEX = 4 << 20
"""Bytes of a part that is kept whole: the names of ten thousand sheets."""

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Part(Protocol):
    """What takes the bytes of one entry."""

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes."""

    def close(self) -> None:
        """There are no more."""


class Survey:
    """The parts of one workbook."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sheets: dict[str, Worksheet] = {}
        self._index: dict[str, _Index] = {}
        self._content: OpenDocument | None = None

    def part(self, name: str, opening: bytes) -> Part | None:
        """What takes the bytes of an entry; None for what is no XML."""
        if not opening.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return None
        if name in (BOOK, LINKS):
            return self._index.setdefault(name, _Index(name))
        if name == "content.xml":
            self._content = OpenDocument(self._limits)
            return self._content
        if name == "META-INF/manifest.xml":
            return _Manifest(name)
        if WORKSHEET.search(opening, 0, HEAD):
            return self._sheets.setdefault(name, Worksheet(self._limits))
        return _Other()

    def uncalculated(self) -> list[Reject]:
        """The formulas without a value that anyone calculated, sheet by sheet.

        A writer that leaves calculating to whoever opens the workbook stores 0, which is no figure.
        """
        if self._content is not None:
            return self._content.uncalculated
        if not any(sheet.formulas for sheet in self._sheets.values()):
            return []
        numbers, is_left_to_others = self._order()
        return [
            Reject("cell.formula_without_value", numbers[name], formula.row_no, formula.col_no, formula.text)
            for name in sorted(self._sheets.keys() & numbers.keys(), key=numbers.__getitem__)
            for formula in self._sheets[name].formulas
            if formula.value is None or is_left_to_others
        ]

    def _order(self) -> tuple[dict[str, int], bool]:
        """The number of each sheet by its entry, and whether the writer left calculating to others."""
        try:
            book = ElementTree.fromstring(self._index[BOOK].content)  # noqa: S314 - without DTD
            links = ElementTree.fromstring(self._index[LINKS].content)  # noqa: S314
        except (KeyError, ElementTree.ParseError):
            return {}, False  # the reader will name the damage
        targets = {link.get("Id"): link.get("Target") or "" for link in links}
        entries = [targets.get(sheet.get(RELATION), "") for sheet in _named(book, "sheet")]
        numbers = {_entry(target): number for number, target in enumerate(entries, start=1)}
        return numbers, any(one.get("fullCalcOnLoad") in ("1", "true") for one in _named(book, "calcPr"))


class _Other:
    """XML in which nothing is looked for."""

    def feed(self, chunk: bytes) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing was kept."""


class _Index(_Other):
    """A small part that is kept whole."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.content = b""

    def feed(self, chunk: bytes) -> None:
        self.content += chunk
        if len(self.content) > LARGEST_INDEX:
            raise RejectedError(Reject("file.dangerous", text=f"{self._name} > {LARGEST_INDEX:,} bytes"))


class _Manifest(_Index):
    """What an OpenDocument says of its parts, such as that they are encrypted."""

    def close(self) -> None:
        if b"encryption-data" in self.content:
            raise RejectedError(Reject("file.encrypted", text=self._name))


def _named(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The elements of that name, in whatever namespace."""
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]


def _entry(target: str) -> str:
    """The name of the entry to which a relation of the workbook points."""
    if target.startswith("/"):
        return target[1:]
    return target if target.startswith("xl/") else f"xl/{target}"
