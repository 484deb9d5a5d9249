"""What a bureau adds to the registers of policy: its targets, documents and indices, as CSV files under `registers/`.

A file bears the name and the header of the seed that it adds to; columns may be left out. Here: reading it. Not here:
what a row must say (`target.py`); what it means is the dbt project's matter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from warehouse.errors import WarehouseError
from warehouse.home import DBT_PROJECT, Home

REGISTERS = ("document", "target", "composite_index", "index_variant")
"""The seeds that files add to."""

ENCODINGS = ("utf-8-sig", "gb18030")

OTHER_SEPARATORS = (";", "\t", "，", "；", "|")
"""What spreadsheets and people write between columns instead of commas."""

Line = dict[str, str]
"""One row: column to text, trimmed; empty where nothing is said."""


def register_files(home: Home) -> list[Path]:
    """The files that lie under `registers/`, by name."""
    return sorted(home.registers.glob("*.csv")) if home.registers.is_dir() else []


def added(home: Home, register: str) -> list[Line]:
    """The rows that the bureau adds to one register, in the order of its file.

    Raises:
        WarehouseError: `register.unreadable` for bytes that are no text, `register.unknown_file` for a file that adds
            to nothing, `register.unknown_column` for a column that the register has not, `register.column_twice`,
            `register.no_commas`, `register.too_many_fields` and `register.quotation_mark` for what is no such table.
    """
    for path in register_files(home):
        if path.stem not in REGISTERS:
            raise WarehouseError("register.unknown_file", file=path, known=", ".join(REGISTERS))
    path = home.registers / f"{register}.csv"
    return list(_lines(path, columns(register))) if path.exists() else []


def is_number(text: str) -> bool:
    """Whether the models will read a text as a number: plain digits, as a program writes them."""
    return bool(re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", text))


def is_whole(text: str) -> bool:
    """Whether the models will read a text as a whole number."""
    return bool(re.fullmatch(r"[+-]?[0-9]{1,9}", text))


def columns(register: str) -> list[str]:
    """The header of a register."""
    return (DBT_PROJECT / "seeds" / f"{register}.csv").read_text("utf-8").splitlines()[0].split(",")


def _lines(path: Path, known: list[str]) -> Iterator[Line]:
    # A quotation mark that is not closed would swallow the rows after it.
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        _check_header(path, header, known)
        reader.fieldnames = header
        yield from _said(path, reader, known)
    except csv.Error as error:
        raise WarehouseError("register.quotation_mark", file=path, row=reader.line_num + 1) from error


def _check_header(path: Path, header: list[str], known: list[str]) -> None:
    separator = next((sign for sign in OTHER_SEPARATORS if len(header) == 1 and sign in header[0]), None)
    if separator:
        raise WarehouseError("register.no_commas", file=path, separator=separator.replace("\t", "TAB"))
    for at, name in enumerate(header):
        if name not in known:
            raise WarehouseError("register.unknown_column", file=path, column=name, known=", ".join(known))
        if name in header[:at]:
            raise WarehouseError("register.column_twice", file=path, column=name)


def _said(path: Path, reader: csv.DictReader[str], known: list[str]) -> Iterator[Line]:
    """The rows that say anything."""
    for row in reader:
        if None in row:
            raise WarehouseError(
                "register.too_many_fields",
                file=path,
                row=reader.line_num,
                columns=len(reader.fieldnames or ()),
            )
        said = {name: (value or "").strip() for name, value in row.items()}
        if any(said.values()):
            yield {name: said.get(name, "") for name in known}


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WarehouseError("register.unreadable", file=path)
