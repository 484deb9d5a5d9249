"""The XML of an OpenDocument spreadsheet, searched for how far its cells reach and which have no value yet.

One element may stand for a million rows of a thousand columns; readers write them all out.
"""

import html
import re

from sources.cell import Reject
from sources.guard.limits import Limits
from sources.guard.rejected import RejectedError
from sources.guard.worksheet import ATTRIBUTES, LONGEST_FORMULA

ELEMENT = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])" + ATTRIBUTES + rb">"
)
REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})["']""")
FORMULA = re.compile(rb"""table:formula\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TYPE = b"value-type"


class OpenDocument:
    """The content of an OpenDocument spreadsheet, in which one element may stand for a million rows.

    Attributes:
        uncalculated: the formulas without a value.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rest = b""
        self._sheet = self._row = self._column = 0
        self._row_repeat = 0
        self._last_row = self._last_column = self._cells = 0
        self.uncalculated: list[Reject] = []

    def feed(self, chunk: bytes) -> None:
        """Looks at all whole elements so far."""
        held = self._rest + chunk
        cut = held.rfind(b"<table:")
        if cut < 0 or len(held) - cut > self._limits.line_bytes:
            cut = len(held)
        self._rest = held[cut:]
        self._look_at(held[:cut])

    def close(self) -> None:
        """Looks at what is left."""
        self._look_at(self._rest)

    def _look_at(self, content: bytes) -> None:
        for element in ELEMENT.finditer(content):
            kind, attributes = element[1], element[2]
            found = REPEATED.search(attributes) if b"repeated" in attributes else None
            repeat = int(found[1]) if found else 1
            if kind == b"table":
                self._sheet += 1
                self._row = self._row_repeat = self._last_row = self._last_column = 0
            elif kind == b"table-row":
                self._row += self._row_repeat
                self._row_repeat, self._column = repeat, 0
            else:
                self._cell(attributes, repeat)

    def _cell(self, attributes: bytes, repeat: int) -> None:
        first = self._column + 1
        self._column += repeat
        is_filled = TYPE in attributes
        if not is_filled and b"table:formula" in attributes:
            formula = FORMULA.search(attributes)
            text = (
                html.unescape((formula[1] or formula[2] or b"").decode(errors="replace"))[:LONGEST_FORMULA]
                if formula
                else None
            )
            place = (self._sheet, self._row + 1, first)
            self.uncalculated.append(Reject("cell.formula_without_value", *place, text))
        if is_filled:
            self._last_row = self._row + self._row_repeat
            self._last_column = max(self._last_column, self._column)
            self._cells += repeat * self._row_repeat
        if max(self._cells, self._last_row * self._last_column) > self._limits.cells:
            raise RejectedError(Reject("file.too_large", text=f"{self._last_row} × {self._last_column}"))
