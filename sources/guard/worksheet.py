"""The XML of an Office Open XML worksheet, searched for how far its cells reach and which have no value yet.

It is searched, not parsed: a million cells in a few tenths of a second. Whoever spells XML as no spreadsheet program
does may slip through, and meets the limits of the process.
"""

import html
import re
from dataclasses import dataclass

from sources.address import column_number
from sources.cell import Reject
from sources.guard.limits import Limits
from sources.guard.rejected import RejectedError

ATTRIBUTES = rb"""((?:[^>"']|"[^"]*+"|'[^']*+')*+)"""
FAR = re.compile(rb""" r=["'](?:([A-Z]{2,3})(\d{1,7})|[A-Z](\d{6,7}))\b""")
"""A cell right of column Z or below row 99,999."""

ROW = re.compile(rb"""row (?:[^>]{0,300}? )?r=["'](\d{1,7})\b""")
CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])")
ADDRESS = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
FORMULA = re.compile(rb"<(?:\w+:)?f\b" + ATTRIBUTES + rb">([^<]*+)")
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*+>([^<]*+)")
SINGLE_LETTERS = 26
SEAM = 64
"""Bytes in which a row may have begun unseen."""

LONGEST_FORMULA = 200
"""Characters of a formula that a reject shows."""


@dataclass(frozen=True)
class Formula:
    """A formula whose value is absent (None) or 0."""

    row_no: int
    col_no: int
    text: str | None
    value: bytes | None


class Worksheet:
    """The worksheet of an Office Open XML workbook.

    Attributes:
        formulas: those without a value, or with 0.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rest = b""
        self._cells = self._rows = 0
        self._width = SINGLE_LETTERS
        self.formulas: list[Formula] = []

    def feed(self, chunk: bytes) -> None:
        """Looks at all whole rows so far."""
        held = self._rest + chunk
        cut = held.rfind(b"row>")
        if held.find(b"row ", cut + 4) < 0:  # no row has begun that is not whole
            cut = max(cut, len(held) - SEAM)
        if len(held) - max(cut, 0) > self._limits.line_bytes:
            raise RejectedError(
                Reject("file.too_large", text=f"{self._rows + 1} > {self._limits.line_bytes:,} bytes")
            )
        self._rest = held[max(cut, 0) :]
        if cut > 0:
            self._look_at(held[:cut])

    def close(self) -> None:
        """Looks at what is left."""
        self._look_at(self._rest)

    def _look_at(self, rows: bytes) -> None:
        self._cells += rows.count(b"<c ") or rows.count(b"c ")
        last = ROW.search(rows, max(rows.rfind(b"row "), 0))
        self._rows = max(self._rows, int(last[1]) if last else 0)
        for letters, *numbers in set(FAR.findall(rows)):
            self._rows = max(self._rows, *(int(number or 0) for number in numbers))
            self._width = max(self._width, column_number(letters.decode()))
        if max(self._cells, self._rows * self._width) > self._limits.cells:
            raise RejectedError(Reject("file.too_large", text=f"{self._rows} × {self._width}"))
        # One byte is found at once, two are sought at every element.
        if b"f" in rows and (b"<f" in rows or (b":" in rows and b":f" in rows)):
            self.formulas += filter(None, map(self._formula, CELL.split(rows)[1:]))
            if len(self.formulas) > self._limits.cells:
                raise RejectedError(Reject("file.too_large", text=f"{self._rows} × {self._width}"))

    @staticmethod
    def _formula(cell: bytes) -> Formula | None:
        """The formula of a cell, from its attributes up to the next cell, if it has no value but 0."""
        formula = FORMULA.search(cell)
        address = ADDRESS.search(cell)
        if not formula or not address:
            return None
        found = VALUE.search(cell)
        value = found[1].strip() if found else b""
        is_blank_text = found and not value and b't="str"' in cell[: formula.start()]
        if is_blank_text or value not in (b"", b"0"):
            return None
        text = html.unescape(formula[2].decode(errors="replace"))[:LONGEST_FORMULA]
        return Formula(int(address[2]), column_number(address[1].decode()), text or None, value or None)
