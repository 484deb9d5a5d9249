"""Zip files as no packer writes them: any name, size, place or flag can be a lie. And honest ones to start from."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import openpyxl

MIB = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["REF_AREA", "TIME_PERIOD", "INDICATOR", "AREA_TYPE", "OBS_VALUE", "UNIT_MEASURE"]
ROW = ["110000", 2020, "gdp", "total", 36102.55, "亿元"]
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPENING = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>'.encode()
CLOSING = b"</sheetData></worksheet>"


@dataclass(frozen=True)
class Entry:
    """An entry and what is said of it; what is None is told truly."""

    name: bytes
    content: bytes
    packed: bytes | None = None
    size: int | None = None
    checksum: int | None = None
    flags: int = 0
    method: int = zipfile.ZIP_DEFLATED
    mode: int = 0o100644
    offset: int | None = None
    in_body: bool = True


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def packed(entries: Iterable[Entry], count: int | None = None, before: bytes = b"") -> bytes:
    """A zip file of the entries, whose end says that there are `count`."""
    body, directory, number = bytearray(before), bytearray(), 0
    for entry in entries:
        number += 1
        data = deflated(entry.content) if entry.packed is None else entry.packed
        size = len(entry.content) if entry.size is None else entry.size
        checksum = zlib.crc32(entry.content) if entry.checksum is None else entry.checksum
        shared = struct.pack("<HHHHLLLHH", entry.flags, entry.method, 0, 33, checksum, len(data), size,
                             len(entry.name), 0)  # fmt: skip
        offset = len(body) if entry.offset is None else entry.offset
        directory += struct.pack("<LHH", 0x02014B50, 0x0314, 20) + shared
        directory += struct.pack("<HHHLL", 0, 0, 0, entry.mode << 16, offset) + entry.name
        if entry.in_body:
            body += struct.pack("<LH", 0x04034B50, 20) + shared + entry.name + data
    told = min(number if count is None else count, 0xFFFF)
    end = struct.pack("<LHHHHLLH", 0x06054B50, 0, 0, told, told, len(directory), len(body), 0)
    return bytes(body + directory + end)


@cache
def honest_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append(ROW)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def entries_of(content: bytes, changed: Mapping[str, bytes] | None = None) -> list[Entry]:
    """The entries of a zip file, some with another content; new ones come last."""
    parts = unpacked(content) | dict(changed or {})
    return [Entry(name.encode(), part) for name, part in parts.items()]


def workbook(changed: Mapping[str, bytes]) -> bytes:
    """The honest workbook with other parts."""
    return packed(entries_of(honest_workbook(), changed))


def with_sheet(xml: bytes) -> bytes:
    return workbook({SHEET: xml})


def with_cells(rows: bytes) -> bytes:
    return with_sheet(OPENING + rows + CLOSING)


def with_entry(**told: object) -> bytes:
    """The honest workbook whose sheet is told of in another way."""
    entries = entries_of(honest_workbook())
    return packed(
        replace(entry, **told) if entry.name == SHEET.encode() else entry  # type: ignore[arg-type]
        for entry in entries
    )


def with_another(*more: Entry) -> bytes:
    return packed([*entries_of(honest_workbook()), *more])


CONTENT_OPENING = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    b' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    b"<office:body><office:spreadsheet>"
)
CONTENT_CLOSING = b"</office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    b'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
    b' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="/" manifest:media-type="application/'
    b'vnd.oasis.opendocument.spreadsheet"/>%s</manifest:manifest>'
)


def open_document(tables: bytes, manifest: bytes = b"", whole: bytes | None = None) -> bytes:
    """An OpenDocument spreadsheet with those tables, or with another content altogether."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    content = CONTENT_OPENING + tables + CONTENT_CLOSING if whole is None else whole
    return packed(
        [
            Entry(b"mimetype", kind, packed=kind, method=zipfile.ZIP_STORED),
            Entry(b"content.xml", content),
            Entry(b"META-INF/manifest.xml", MANIFEST % manifest),
        ]
    )


def table(rows: list[list[object]]) -> bytes:
    """An honest table of an OpenDocument."""
    return b'<table:table table:name="a">%s</table:table>' % b"".join(
        b"<table:table-row>%s</table:table-row>" % b"".join(map(table_cell, row)) for row in rows
    )


def table_cell(entry: object) -> bytes:
    kind = "float" if isinstance(entry, int | float) else "string"
    value = f' office:value="{entry!r}"' if kind == "float" else ""
    return f'<table:table-cell office:value-type="{kind}"{value}><text:p>{entry}</text:p></table:table-cell>'.encode()
