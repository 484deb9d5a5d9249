"""Parsing a file by the declaration of its source: bytes to cells and rejects.

Here: which reader takes which file, and what becomes of what it found. It runs in the process that `apart.py` keeps
for it, and in no other.
"""

import mmap
from dataclasses import replace
from pathlib import Path

import polars as pl

from sources.cell import Reading, Reject, no_cells
from sources.declared.answer_layout import AnswerLayout
from sources.declared.layout import Format, TableLayout, TidyLayout, VintageInName
from sources.declared.part import captured
from sources.declared.sdmx_layout import SdmxLayout
from sources.guard.limits import MIB, Limits
from sources.records.answer import read_answer
from sources.records.sdmx import read_sdmx
from sources.sheets.delimited import read_delimited
from sources.sheets.sheet import Sheet
from sources.sheets.table import read_table
from sources.sheets.tidy import read_tidy
from sources.sheets.workbook import read_workbook

ZIP = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0"
WORKBOOK_MAGIC = {".xlsx": ZIP, ".xlsm": ZIP, ".ods": ZIP, ".xls": OLE2}
DELIMITERS = {".csv": ",", ".tsv": "\t"}
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LONGEST_TEXT = 1000
"""Characters of what a reject shows; the whole stays in the archive."""


def parse(path: Path, declaration: Format, file_name: str, limits: Limits | None = None) -> Reading:
    """Reads a file whose content is not trusted.

    Args:
        path: where its bytes are.
        declaration: what its source says of it.
        file_name: the name it came under, which tells its kind.
        limits: what it may cost; the usual limits when absent.

    Returns:
        Its cells and rejects; a file that cannot be read at all has no cells and one reject.

    Raises:
        OSError: the file cannot be opened.
        MemoryError: it needs more memory than it may take.
    """
    limits = limits or Limits()
    try:
        reading = _dated(_parse(path, declaration, file_name, limits), declaration, file_name)
    except (OSError, MemoryError, SystemExit, KeyboardInterrupt):
        raise
    except BaseException as problem:  # noqa: BLE001 - a panic of a Rust library is no Exception, and is the file's
        told = f"{type(problem).__name__}: {problem}"
        reading = Reading([], no_cells(), [Reject("file.reader_failed", text=told)])
    return replace(reading, rejects=_listed(reading.rejects, limits))


def _parse(path: Path, declaration: Format, file_name: str, limits: Limits) -> Reading:
    layout = declaration.layout
    size = path.stat().st_size
    if not 0 < size <= limits.file_bytes:
        unfit = Reject("file.too_large", text=f"{size / MIB:,.0f} MiB") if size else Reject("file.empty")
        return Reading([], no_cells(), [unfit])
    if isinstance(layout, AnswerLayout):
        return read_answer(path, layout)
    if isinstance(layout, SdmxLayout):
        return read_sdmx(path, layout, file_name)
    found = _sheets(path, file_name, layout, limits)
    if isinstance(found, Reject):
        return Reading([], no_cells(), [found])
    sheets, rejects = found
    names = [sheet.name for sheet in sheets]
    filled = [sheet for sheet in sheets if not sheet.grid.is_empty()]
    if not filled:
        return Reading(names, no_cells(), rejects or [Reject("file.no_data")])
    if isinstance(layout, TidyLayout):
        frames, found_by_sheet = zip(*map(read_tidy, filled), strict=True)
        return Reading(names, pl.concat(frames), rejects + [one for some in found_by_sheet for one in some])
    cells, found_in_blocks = read_table(filled, layout, file_name)
    return Reading(names, cells, rejects + found_in_blocks)


def _sheets(
    path: Path, file_name: str, layout: TidyLayout | TableLayout, limits: Limits
) -> tuple[list[Sheet], list[Reject]] | Reject:
    """The sheets of a file whose first bytes agree with its name."""
    suffix = Path(file_name).suffix.lower()
    if suffix not in WORKBOOK_MAGIC and suffix not in DELIMITERS:
        return Reject("file.unknown_type", text=suffix)
    with path.open("rb") as file:
        opening = file.read(4)
    if suffix in WORKBOOK_MAGIC and opening == OLE2 and _holds(path, ENCRYPTED):
        return Reject("file.encrypted", text=suffix)
    if opening != WORKBOOK_MAGIC[suffix] if suffix in WORKBOOK_MAGIC else opening in (ZIP, OLE2):
        return Reject("file.wrong_type", text=suffix)
    if suffix in WORKBOOK_MAGIC:
        return read_workbook(path, limits)
    # The names of the tidy header tell what stands between them; the texts of a page do not.
    delimiter = None if isinstance(layout, TidyLayout) else DELIMITERS[suffix]
    sheet = read_delimited(path, layout.encoding, delimiter, limits)
    return sheet if isinstance(sheet, Reject) else ([sheet], [])


def _dated(reading: Reading, declaration: Format, file_name: str) -> Reading:
    """The reading with the vintage that stands in the name of the file, where the source says that it does."""
    vintage = declaration.vintage
    if not isinstance(vintage, VintageInName):
        return reading
    text = captured(vintage.file_name, file_name)
    if text is None:
        return replace(reading, rejects=[*reading.rejects, Reject("file.missing_vintage", text=file_name)])
    return replace(reading, cells=reading.cells.with_columns(pl.col("vintage_text").fill_null(text)))


def _holds(path: Path, sought: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(sought) >= 0


def _listed(rejects: list[Reject], limits: Limits) -> list[Reject]:
    """As many rejects as are listed of one file, none with a text that nobody would read."""
    listed = rejects[: limits.rejects]
    if len(rejects) > len(listed):
        listed.append(Reject("file.too_many_rejects", text=f"{len(rejects):,}"))
    return [
        replace(one, text=f"{one.text[:LONGEST_TEXT]}…") if one.text and len(one.text) > LONGEST_TEXT else one
        for one in listed
    ]
