"""OpenDocument and BIFF workbooks that are hostile."""

import io
import struct
from collections.abc import Iterator
from functools import cache

import xlwt

from tests.hostile.archives import UNREADABLE, UNSAFE, Hostile
from tests.hostile.packing import (
    CONTENT_CLOSING,
    CONTENT_OPENING,
    HEADER,
    ROW,
    open_document,
    table,
)
from tests.hostile.sheets import LARGE, LAUGHS

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REPEATED = (
    b'<table:table table:name="a"><table:table-row table:number-rows-repeated="%d">'
    b'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="%d"/>'
    b"</table:table-row></table:table>"
)


def files() -> Iterator[Hostile]:
    yield from _open_documents()
    yield from _binary_workbooks()


def _open_documents() -> Iterator[Hostile]:
    yield "repeated.ods", LARGE, open_document(REPEATED % (1_048_576, 16_384))
    yield "repeated_rows.ods", LARGE, open_document(REPEATED % (999_999_999, 1))
    yield "repeated_beyond_all.ods", UNREADABLE, open_document(REPEATED % (10**30, 10**30))
    far = (
        b'<table:table table:name="a"><table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
        b'</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="1000"/>'
        b'<table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>'
    )
    yield "far_cell.ods", LARGE, open_document(far)
    laughs = LAUGHS + CONTENT_OPENING + CONTENT_CLOSING
    yield "laughs.ods", UNSAFE, open_document(b"", whole=laughs)
    locked = b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    yield "encrypted.ods", "file.encrypted", open_document(table([HEADER]), locked)
    yield "content_that_stops.ods", UNREADABLE, open_document(b"", whole=CONTENT_OPENING + b"<table:table")
    whole = open_document(table([HEADER, ROW]))
    for percent in (20, 60, 95):
        yield f"cut_{percent}.ods", UNREADABLE, whole[: len(whole) * percent // 100]


@cache
def honest_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row_no, row in enumerate([HEADER, ROW]):
        for col_no, entry in enumerate(row):
            sheet.write(row_no, col_no, entry)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _with_record(content: bytes, kind: int, body: bytes) -> bytes:
    """The workbook whose first record of that kind has another body of the same length."""
    stream = 512  # xlwt writes the stream of records behind the header
    while True:
        found, length = struct.unpack_from("<HH", content, stream)
        if found == kind:
            return content[: stream + 4] + body[:length].ljust(length, b"\0") + content[stream + 4 + length :]
        stream += 4 + length


def _with_length(content: bytes, kind: int, told: int) -> bytes:
    stream = 512
    while True:
        found, length = struct.unpack_from("<HH", content, stream)
        if found == kind:
            return content[: stream + 2] + struct.pack("<H", told) + content[stream + 4 :]
        stream += 4 + length


def _binary_workbooks() -> Iterator[Hostile]:
    whole = honest_xls()
    yield "header_only.xls", UNREADABLE, OLE2 + b"\0" * 504
    yield "magic_only.xls", UNREADABLE, OLE2
    for percent in (15, 40, 80):
        yield f"cut_{percent}.xls", UNREADABLE, whole[: len(whole) * percent // 100]
    yield "sectors_in_a_circle.xls", UNREADABLE, whole[:76] + b"\0" * 436 + whole[512:]
    yield "record_too_long.xls", UNREADABLE, _with_length(whole, 0x00FC, 0xFFFF)
    yield "texts_that_lie.xls", UNREADABLE, _with_record(whole, 0x00FC, b"\xff" * 8)
    yield "first_record_too_long.xls", UNREADABLE, _with_length(whole, 0x0809, 0xFFF0)
    sealed = OLE2 + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 480
    yield "encrypted.xlsx", "file.encrypted", sealed
    yield "encrypted.xls", "file.encrypted", sealed + b"\0"
    yield "encrypted.xlsm", "file.encrypted", sealed + b"\0\0"
