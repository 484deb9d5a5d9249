"""Workbooks whose sheets, texts or styles are hostile inside a sound archive."""

from collections.abc import Iterator

from tests.hostile.archives import DANGEROUS, UNREADABLE, UNSAFE, Hostile
from tests.hostile.packing import (
    CLOSING,
    MIB,
    OPENING,
    SPREADSHEET,
    honest_workbook,
    unpacked,
    with_cells,
    with_sheet,
    workbook,
)

LARGE, BLANK = "file.too_large", "file.no_data"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">%s]>' % b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (n, *[n - 1] * 8) for n in range(ord("b"), ord("l"))
)
STRINGS = b'<sst xmlns="%s" count="%%d" uniqueCount="%%d"><si><t>a</t></si></sst>' % SPREADSHEET.encode()


def files() -> Iterator[Hostile]:
    yield from _far_cells()
    yield from _entities()
    yield from _masses()
    yield from _numbers()
    yield from _markup()


def cell(address: bytes, value: bytes = b"<v>1</v>", more: bytes = b"") -> bytes:
    return b'<c r="%s"%s>%s</c>' % (address, more, value)


def _far_cells() -> Iterator[Hostile]:
    corner = b'<row r="1">%s</row><row r="1048576">%s</row>' % (cell(b"A1"), cell(b"XFD1048576"))
    yield "far_corner.xlsx", LARGE, with_cells(corner)
    yield "far_corner.xlsm", LARGE, with_cells(corner + b"<!-- -->")
    apart = b'<row r="1">%s%s</row><row r="900000">%s</row>'
    yield "far_row_and_column.xlsx", LARGE, with_cells(apart % (cell(b"A1"), cell(b"ZZ1"), cell(b"A900000")))
    lie = b'<row r="1">%s%s</row>' % (cell(b"A1"), cell(b"AMJ1000000"))
    yield "far_cell_in_the_first_row.xlsx", LARGE, with_cells(lie)
    quoted = corner.replace(b'"', b"'")
    yield "far_corner_in_other_quotes.xlsx", LARGE, with_cells(quoted)
    spaced = corner.replace(b' r="', b'\n\tr = "')
    yield "far_corner_spelled_apart.xlsx", DANGEROUS, with_cells(spaced)
    yield "column_beyond_all.xlsx", LARGE, with_cells(b'<row r="1">%s</row>' % cell(b"ZZZ1048576"))


def _entities() -> Iterator[Hostile]:
    cells = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&k;</t></is></c></row>'
    yield "laughs_in_sheet.xlsx", UNSAFE, with_sheet(LAUGHS + OPENING + cells + CLOSING)
    yield "laughs_in_strings.xlsx", UNSAFE, workbook({"xl/sharedStrings.xml": LAUGHS + STRINGS % (1, 1)})
    book = unpacked(honest_workbook())["xl/workbook.xml"]
    outside = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "entity_of_a_file.xlsx", UNSAFE, workbook({"xl/workbook.xml": outside + book})
    remote = b'<!DOCTYPE w SYSTEM "http://127.0.0.1:9/evil.dtd">'
    yield "dtd_of_a_host.xlsx", UNSAFE, workbook({"xl/workbook.xml": remote + book})
    late = OPENING + b" " * (MIB - len(OPENING) - 4) + b"<!DOCTYPE x>" + CLOSING
    yield "dtd_across_a_seam.xlsx", UNSAFE, with_sheet(late)
    yield "sheet_in_utf16.xlsx", UNSAFE, with_sheet((LAUGHS + OPENING + CLOSING).decode().encode("utf-16"))


def _masses() -> Iterator[Hostile]:
    merged = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 1_000_000, 2))
    xml = OPENING + b"</sheetData><mergeCells>" + merged + b"</mergeCells></worksheet>"
    yield "merged_ranges.xlsx", BLANK, with_sheet(xml)
    styles = b'<styleSheet xmlns="%s"><cellXfs count="4294967295">%s</cellXfs></styleSheet>'
    many = styles % (SPREADSHEET.encode(), b'<xf numFmtId="14"/>' * 1_000_000)
    yield (
        "styles.xlsx",
        BLANK,
        workbook({"xl/styles.xml": many, "xl/worksheets/sheet1.xml": OPENING + CLOSING}),
    )
    yield (
        "cells_of_one_row.xlsx",
        LARGE,
        with_cells(b'<row r="1">' + b'<c r="A1" s="1"/>' * 2_000_000 + b"</row>"),
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(1, 400_001))
    yield "blank_styled_cells.xlsx", BLANK, with_cells(rows)
    text = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
    yield "one_long_text.xlsx", LARGE, with_cells(text % (b"ab" * (20 * MIB)))
    attribute = b'<row r="1" spans="%s">%s</row>' % (b"1" * (20 * MIB), cell(b"A1"))
    yield "one_long_attribute.xlsx", LARGE, with_cells(attribute)
    names = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, 100_001))
    book = unpacked(honest_workbook())["xl/workbook.xml"]
    start, end = book.index(b"<sheets>") + 8, book.index(b"</sheets>")
    related = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheets = book[:start].replace(b"<workbook", b"<workbook" + related, 1) + names + book[end:]
    yield "sheets.xlsx", DANGEROUS, workbook({"xl/workbook.xml": sheets})


def _numbers() -> Iterator[Hostile]:
    first = b'<row r="1">%s</row>'
    string = first % cell(b"A1", b"<v>%s</v>", b' t="s"')
    for label, index in {"beyond": b"4000000000", "beyond_by_one": b"1"}.items():
        strings = {"xl/sharedStrings.xml": STRINGS % (1, 1)}
        content = OPENING + string % index + CLOSING
        yield f"string_{label}.xlsx", UNREADABLE, workbook(strings | {"xl/worksheets/sheet1.xml": content})
    lie = {"xl/sharedStrings.xml": STRINGS % (2**32 - 1, 2**63 - 1)}
    blank = {"xl/worksheets/sheet1.xml": OPENING + CLOSING}
    yield "strings_that_lie.xlsx", UNREADABLE, workbook(lie | blank)
    yield (
        "row_beyond_all.xlsx",
        DANGEROUS,
        with_cells(b'<row r="99999999999">%s</row>' % cell(b"A99999999999")),
    )
    yield "row_of_nothing.xlsx", UNREADABLE, with_cells(first % cell(b"A0"))
    yield "address_turned.xlsx", UNREADABLE, with_cells(first % cell(b"1A"))
    yield (
        "number_of_digits.xlsx",
        "file.missing_column",
        with_cells(first % cell(b"A1", b"<v>%s</v>" % (b"9" * MIB))),
    )


def _markup() -> Iterator[Hostile]:
    yield "nested_elements.xlsx", BLANK, with_cells(b"<a>" * 1_000_000)
    yield (
        "text_of_no_encoding.xlsx",
        UNREADABLE,
        with_cells(b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xff\xfe\xfd</t></is></c></row>'),
    )
    yield "formulas_without_end.xlsx", UNREADABLE, with_cells(b'<c r="A1"><f>' * 300_000)
    yield "sheet_that_stops.xlsx", UNREADABLE, with_sheet(OPENING + b'<row r="1"><c r="A1"><v>1</')
    yield "sheet_of_text.xlsx", UNREADABLE, with_sheet(b"no XML at all")
    links = unpacked(honest_workbook())["xl/_rels/workbook.xml.rels"]
    away = links.replace(b"/xl/worksheets/sheet1.xml", b"../../../../../../etc/passwd")
    assert away != links
    yield "link_away.xlsx", UNREADABLE, workbook({"xl/_rels/workbook.xml.rels": away})
