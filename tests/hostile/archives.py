"""Workbooks whose archive is hostile."""

import zipfile
from collections.abc import Iterator

from tests.hostile.packing import (
    MIB,
    SHEET,
    Entry,
    deflated,
    entries_of,
    honest_workbook,
    packed,
    unpacked,
    with_another,
    with_entry,
    workbook,
)

UNSAFE, DANGEROUS, UNREADABLE = "file.unsafe_archive", "file.dangerous", "file.unreadable_workbook"
Hostile = tuple[str, str, bytes]
"""Name of the file, the reject it must get, its content."""


def files() -> Iterator[Hostile]:
    yield from _bombs()
    yield from _lies()
    yield from _names()
    yield from _kinds()
    yield from _damages()


def _bombs() -> Iterator[Hostile]:
    bomb = deflated(b"a" * (60 * MIB))
    checksum = 0
    yield "bomb.xlsx", DANGEROUS, with_entry(packed=bomb, size=60 * MIB, checksum=checksum)
    yield "bomb_that_lies.xlsx", DANGEROUS, with_entry(packed=bomb, size=1000)
    many = [Entry(b"xl/media/%d.bin" % n, b"", packed=bomb, size=49 * MIB) for n in range(30)]
    yield "bomb_of_many.xlsx", DANGEROUS, with_another(*many)
    large = deflated(b"\0" * (49 * MIB))
    quiet = [Entry(b"xl/media/%d.bin" % n, b"", packed=large, size=10) for n in range(30)]
    yield "bomb_of_many_that_lie.xlsx", UNSAFE, with_another(*quiet)
    yield "entries.xlsx", DANGEROUS, with_another(*(Entry(b"x/%d" % n, b"") for n in range(11_000)))
    hidden = [*entries_of(honest_workbook()), *(Entry(b"y/%d" % n, b"") for n in range(12_000))]
    yield "entries_that_are_not_told.xlsx", DANGEROUS, packed(hidden, count=3)
    long_names = [*entries_of(honest_workbook()), *(Entry(b"z%05d" % n * 5000, b"") for n in range(400))]
    yield "names_of_megabytes.xlsx", DANGEROUS, packed(long_names)


def _lies() -> Iterator[Hostile]:
    sheet = unpacked(honest_workbook())[SHEET]
    yield "size_too_large.xlsx", UNSAFE, with_entry(size=len(sheet) + 1)
    yield "size_of_gigabytes.xlsx", DANGEROUS, with_entry(size=0xFFFFFFF0)
    yield "checksum.xlsx", UNREADABLE, with_entry(checksum=1)
    yield "stored_of_another_size.xlsx", UNSAFE, with_entry(method=zipfile.ZIP_STORED, packed=sheet, size=3)
    yield "same_bytes_twice.xlsx", UNSAFE, with_another(Entry(b"xl/copy.xml", b"", offset=0, in_body=False))
    first = honest_workbook()
    quine = [Entry(b"xl/%d.bin" % n, b"", packed=first[:2000], offset=10 * n) for n in range(50)]
    yield "entries_inside_entries.xlsx", UNSAFE, with_another(*quine)
    yield "offset_beyond.xlsx", UNREADABLE, with_entry(offset=0x7FFFFFF0, in_body=False)
    yield "twice.xlsx", UNSAFE, with_another(Entry(SHEET.encode(), sheet.replace(b"110000", b"120000")))
    yield "offset_into_nothing.xlsx", UNSAFE, with_entry(offset=17)


def _names() -> Iterator[Hostile]:
    names = {
        "parent": b"../../evil.txt", "root": b"/etc/cron.d/evil", "drive": b"C:/evil.txt", "stream": b"a.xml:evil",
        "backslash": b"..\\..\\evil.txt", "nul": b"xl/a.xml\0.txt", "line": b"xl/a\nb.xml", "escape": b"xl/\x1b[2Ja",
        "inside": b"xl/../../../evil.txt",
    }  # fmt: skip
    for label, name in names.items():
        yield f"name_{label}.xlsx", UNSAFE, with_another(Entry(name, b"x"))
    yield "name_reversed.xlsx", UNSAFE, with_another(Entry("xl/\u202elmx.exe".encode(), b"x", flags=0x800))


def _kinds() -> Iterator[Hostile]:
    yield "link.xlsx", UNSAFE, with_another(Entry(b"xl/link", b"/etc/passwd", mode=0o120777))
    yield "pipe.xlsx", UNSAFE, with_another(Entry(b"xl/pipe", b"", mode=0o010644))
    yield "device.xlsx", UNSAFE, with_another(Entry(b"xl/zero", b"", mode=0o020666))
    yield "encrypted_entry.xlsx", "file.encrypted", with_entry(flags=1)
    yield "unknown_method.xlsx", UNREADABLE, with_entry(method=99)
    inner = honest_workbook()
    yield "nested.xlsx", UNSAFE, with_another(Entry(b"xl/media/more.zip", inner))
    for _ in range(12):
        inner = packed([Entry(b"a.zip", inner)])
    yield "nested_deep.xlsx", UNSAFE, with_another(Entry(b"deep.zip", inner))
    yield "sheet_is_archive.xlsx", UNSAFE, workbook({SHEET: honest_workbook()})
    yield "gzip_inside.xlsx", UNSAFE, with_another(Entry(b"a.gz", b"\x1f\x8b\x08\0\0"))


def _damages() -> Iterator[Hostile]:
    whole = honest_workbook()
    for percent in (1, 5, 10, 25, 50, 75, 90, 99):
        yield f"cut_{percent}.xlsx", UNREADABLE, whole[: max(5, len(whole) * percent // 100)]
    parts = unpacked(whole)
    packed_sheet = deflated(parts[SHEET])
    yield "sheet_cut.xlsx", UNREADABLE, with_entry(packed=packed_sheet[:-20])
    yield "sheet_garbled.xlsx", UNREADABLE, with_entry(packed=b"\xff" + packed_sheet[1:])
    for missing in (SHEET, "xl/_rels/workbook.xml.rels"):
        kept = [entry for entry in entries_of(whole) if entry.name != missing.encode()]
        yield f"without_{missing.rpartition('/')[2]}.xlsx", UNREADABLE, packed(kept)
    kept = [entry for entry in entries_of(whole) if entry.name != b"xl/workbook.xml"]
    yield "without_workbook.xlsx", "file.no_data", packed(kept)
    yield "archive_of_nothing_known.xlsx", UNREADABLE, packed([Entry(b"readme.txt", b"hello")])
    yield "archive_of_nothing_known.ods", UNREADABLE, packed([Entry(b"readme.txt", b"hello again")])
    yield "archive_of_nothing_known.xlsm", UNREADABLE, packed([Entry(b"readme.txt", b"once more")])
    yield "two_archives.xlsx", UNREADABLE, packed(entries_of(whole), before=whole)[:-6] + b"\0" * 6
