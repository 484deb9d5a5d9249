"""Looking through a workbook's archive before anything reads it: what it announces, what it holds, where it points.

Here: the zip file and its entries. Not here: what the sheets inside say (`survey.py`), and the limits of the process,
which hold where a scan is deceived. Macros, links to other workbooks and embedded objects are never opened, so none
of them is a reason to refuse a workbook.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sources.cell import Reject
from sources.guard.limits import Limits
from sources.guard.rejected import RejectedError
from sources.guard.survey import Part, Survey

CHUNK = 1 << 20
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
LONGEST_RECORD = 1024
"""Bytes of an entry in the directory, with its name and extra fields; those of spreadsheet programs take a tenth."""

ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
EMBEDDED = ("xl/embeddings/", "ObjectReplacements/", "Object ")
"""Where spreadsheet programs keep objects of other programs, which may be archives of their own."""

UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
ENCRYPTED = 0x1


def scan(path: Path, limits: Limits) -> list[Reject] | Reject:
    """Looks through every entry of a workbook that is a zip file.

    Returns:
        The formulas that were never calculated, one reject each; or why the file is not read.
    """
    try:
        with path.open("rb") as file:
            _check_directory(file, limits)
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
            _check_names(entries)
            _check_announcements(entries, limits)
            survey = Survey(limits)
            left = limits.inflated_bytes
            for entry in entries:
                left -= _look_through(file, entry, min(left, _most(entry, limits)), survey)
            return survey.uncalculated()
    except RejectedError as rejected:
        return rejected.reject
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError):
        return Reject("file.unreadable_workbook")


def _check_directory(file: BinaryIO, limits: Limits) -> None:
    """Refuses a directory too long to be taken into memory."""
    end = file.seek(0, 2)
    file.seek(max(0, end - END_OF_DIRECTORY.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise zipfile.BadZipFile
    *_, entries, size, _, _ = END_OF_DIRECTORY.unpack_from(tail, at)
    if entries > limits.entries or size > limits.entries * LONGEST_RECORD:
        raise RejectedError(Reject("file.dangerous", text=f"{entries:,} entries"))


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    """Refuses names that lead elsewhere and entries that are no files."""
    names: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        leads_away = name.startswith("/") or ".." in PurePosixPath(name).parts
        if leads_away or not name.isprintable() or set('\\:*?"<>|') & set(name):
            raise RejectedError(Reject("file.unsafe_archive", text=ascii(name)))
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise RejectedError(Reject("file.unsafe_archive", text=f"{name} → link"))
        if name in names:
            raise RejectedError(Reject("file.unsafe_archive", text=f"{name} × 2"))
        if entry.flag_bits & ENCRYPTED:
            raise RejectedError(Reject("file.encrypted", text=name))
        names.add(name)


def _check_announcements(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuses what is too much by its own account, and entries that share bytes."""
    if len(entries) > limits.entries:
        raise RejectedError(Reject("file.dangerous", text=f"{len(entries):,} entries"))
    announced = sum(entry.file_size for entry in entries)
    if announced > limits.inflated_bytes:
        raise RejectedError(Reject("file.dangerous", text=f"{announced:,} bytes"))
    for entry in entries:
        if entry.file_size > _most(entry, limits):
            raise RejectedError(
                Reject("file.dangerous", text=f"{entry.orig_filename} {entry.file_size:,} bytes")
            )
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise RejectedError(Reject("file.unsafe_archive", text=f"{entry.orig_filename} ∩"))
        end = entry.header_offset + LOCAL_HEADER.size + entry.compress_size


def _most(entry: zipfile.ZipInfo, limits: Limits) -> int:
    """Bytes to which an entry may inflate."""
    return max(limits.ratio_from_bytes, limits.ratio * entry.compress_size)


def _look_through(file: BinaryIO, entry: zipfile.ZipInfo, most: int, survey: Survey) -> int:
    """Inflates an entry, whatever the directory announces of it; returns how many bytes it holds."""
    name = entry.orig_filename
    size = checksum = 0
    before = b""
    part = None
    for chunk in _inflated(file, entry):
        if not size:
            part = _opened(name, chunk, survey)
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        if size > most:
            raise RejectedError(Reject("file.dangerous", text=f"{name} > {most:,} bytes"))
        if part is not None:
            seam = before[-len(DECLARATIONS[0]) :] + chunk
            # One byte is found at once, a word letter by letter.
            if b"!" in seam and any(declaration in seam for declaration in DECLARATIONS):
                raise RejectedError(Reject("file.unsafe_archive", text=f"{name}: DTD"))
            part.feed(chunk)
            before = chunk
    if size != entry.file_size:
        raise RejectedError(
            Reject("file.unsafe_archive", text=f"{name}: {size:,} ≠ {entry.file_size:,} bytes")
        )
    if checksum != entry.CRC:
        raise zipfile.BadZipFile
    if part is not None:
        part.close()
    return size


def _opened(name: str, opening: bytes, survey: Survey) -> Part | None:
    """What takes the bytes of an entry that opens so."""
    if opening.startswith(ARCHIVES) and not name.startswith(EMBEDDED):
        raise RejectedError(Reject("file.unsafe_archive", text=f"{name}: zip"))
    if opening.startswith(UTF16) and name.endswith((".xml", ".rels")):
        raise RejectedError(Reject("file.unsafe_archive", text=f"{name}: UTF-16"))
    return survey.part(name, opening)


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry in chunks.

    Not through `zipfile`, which stops at the size that is announced, where other readers go on.
    """
    file.seek(entry.header_offset)
    mark, *_, name_bytes, extra_bytes = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    if mark != b"PK\x03\x04" or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    file.seek(name_bytes + extra_bytes, 1)
    left = entry.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0:
        packed = file.read(min(CHUNK, left))
        if not packed:
            raise zipfile.BadZipFile
        left -= len(packed)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield packed
            continue
        while packed and not inflate.eof:
            if chunk := inflate.decompress(packed, CHUNK):
                yield chunk
            packed = inflate.unconsumed_tail
    if entry.compress_type == zipfile.ZIP_DEFLATED and not inflate.eof:
        raise zipfile.BadZipFile
