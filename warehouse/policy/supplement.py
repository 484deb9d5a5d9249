"""What a bureau adds to the registers of policy: its targets, documents and indices, as CSV files under `registers/`.

A file bears the name and the header of the seed that it adds to; columns may be left out. Here: finding and reading it.
Not here: what a row must say (`target.py`, `composite_index.py`); what it means is the dbt project's matter.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from sources.sheets.delimiter import delimiter_of
from warehouse.errors import WarehouseError
from warehouse.home import DBT_PROJECT, Home

REGISTERS = ("document", "target", "composite_index", "index_variant")
"""The seeds that files add to."""

KEYS = {
    "target": {"target_id"},
    "document": {"document", "title"},
    "composite_index": {"index_id", "node"},
    "index_variant": {"index_id", "variant"},
}
"""The columns by which a header is known for that of a register."""

FIGURES = {"time_period", "obs_value"}
"""Columns that a table of figures has, and no register."""
HEADER_BYTES = 4096
ENCODINGS = ("utf-8-sig", "gb18030")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".et")
TEXTS = (".tsv", ".tab", ".txt")

Line = dict[str, str]
"""One row: column to text, trimmed; empty where nothing is said."""


def register_files(home: Home) -> list[Path]:
    """The files that lie under `registers/` and are read, by name."""
    return [path for path in _lying(home.registers) if path.suffix == ".csv"]


def check_files(home: Home) -> None:
    """Holds the files under `registers/` to the names under which they are read.

    Raises:
        WarehouseError: `register.unknown_file` for a table that adds to nothing, `register.misnamed_file` for one whose
            name is near that of a register, `register.workbook` for one that is not yet saved as CSV.
    """
    for path in _lying(home.registers):
        check_name(path)


def check_name(path: Path) -> None:
    """Holds a table under `registers/` to the names under which they are read.

    Raises:
        WarehouseError: as `check_files`.
    """
    if path.name in {f"{register}.csv" for register in REGISTERS}:
        return
    near = difflib.get_close_matches(path.stem.lower(), REGISTERS, n=1)
    if path.suffix.lower() in WORKBOOKS:
        # The workbook from which a file was saved may stay beside it.
        if near and not (path.parent / f"{near[0]}.csv").exists():
            raise WarehouseError("register.workbook", file=path, name=f"{near[0]}.csv")
    elif near:
        raise WarehouseError("register.misnamed_file", file=path, name=f"{near[0]}.csv")
    elif path.suffix.lower() == ".csv":
        raise WarehouseError("register.unknown_file", file=path, known=", ".join(REGISTERS))


def is_workbook_of_a_register(path: Path) -> bool:
    """Whether a file is a workbook that bears the name of a register."""
    return path.suffix.lower() in WORKBOOKS and path.stem in REGISTERS


def register_of(path: Path) -> str | None:
    """The register that a text file adds to, by its name or its header; None where it cannot be read."""
    if path.suffix.lower() not in (".csv", *TEXTS) or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            opening = file.read(HEADER_BYTES)
    except OSError:
        return None
    text = opening.decode("utf-16" if opening.startswith(UTF_16_MARKS) else "utf-8-sig", errors="replace")
    header = {name.strip(' "').lower() for name in text.partition("\n")[0].strip().split(delimiter_of(text))}
    # A table of figures may bear any name.
    named = [path.stem] if path.stem in REGISTERS and not header >= FIGURES else []
    return next(iter([*named, *(register for register, keys in KEYS.items() if keys <= header)]), None)


def read_register(path: Path, register: str) -> dict[int, Line]:
    """The rows of a file that adds to a register, by their number in a spreadsheet; blank ones are left out.

    Raises:
        WarehouseError: `register.unreadable` for bytes that are no text, `register.unknown_column` or
            `register.near_column` for a column that the register has not, `register.repeated_column`,
            `register.too_many_fields`, `register.quotation_mark`.
    """
    return dict(_lines(path, columns(register)))


def is_number(text: str) -> bool:
    """Whether the models will read a text as a number: plain digits, as a program writes them."""
    return bool(re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", text))


def is_whole(text: str) -> bool:
    """Whether the models will read a text as a whole number."""
    return bool(re.fullmatch(r"[+-]?[0-9]{1,9}", text))


def is_year(text: str) -> bool:
    """Whether a text is a year that a plan may name."""
    return is_whole(text) and 1949 <= int(text) <= 2100


def columns(register: str) -> list[str]:
    """The header of a register."""
    return (DBT_PROJECT / "seeds" / f"{register}.csv").read_text("utf-8").splitlines()[0].split(",")


def _lying(folder: Path) -> Iterator[Path]:
    """The tables in a folder; what an office program keeps beside an open one is none."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in (".csv", *TEXTS, *WORKBOOKS) and not path.name.startswith((".", "~$")):
            yield path


def _lines(path: Path, known: list[str]) -> Iterator[tuple[int, Line]]:
    """The rows that say anything, by their number."""
    records = _records(path)
    named = next((record for _, record in records if any(text.strip() for text in record)), [])
    header = [name.strip().lower() for name in named]
    for name in filter(None, header):
        if name not in known:
            _refuse_column(path, name, known)
        if header.count(name) > 1:
            raise WarehouseError("register.repeated_column", file=path, column=name)
    for number, record in records:
        fields = [(name, text.strip()) for name, text in zip_longest(header, record, fillvalue="")]
        # Spreadsheets save columns that were once in use: blank ones say nothing.
        if any(text for name, text in fields if not name):
            width = len(list(filter(None, header)))
            raise WarehouseError("register.too_many_fields", file=path, row=number, columns=width)
        said = dict(fields)
        if any(said.values()):
            yield number, {name: said.get(name, "") for name in known}


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _text(path)
    # Strict, since a quotation mark that is not closed would swallow the rows after it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield number, record
    except csv.Error as error:
        raise WarehouseError("register.quotation_mark", file=path, row=number + 1) from error


def _refuse_column(path: Path, name: str, known: list[str]) -> None:
    near = difflib.get_close_matches(name, known, n=3)
    code = "register.near_column" if near else "register.unknown_column"
    raise WarehouseError(code, file=path, column=name, known=", ".join(near or known))


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-16",) if content.startswith(UTF_16_MARKS) else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WarehouseError("register.unreadable", file=path)
