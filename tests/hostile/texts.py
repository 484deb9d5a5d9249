"""Text files that are hostile, and files that are not what their name says."""

from collections.abc import Iterator

from tests.hostile.archives import Hostile
from tests.hostile.packing import HEADER, MIB, honest_workbook

HEAD = ",".join(HEADER).encode() + b"\n"
NOT_TEXT, ENCODING, QUOTES = "file.not_text", "file.wrong_encoding", "file.malformed_quotes"
LARGE, TYPE, UNKNOWN, COLUMN = "file.too_large", "file.wrong_type", "file.unknown_type", "file.missing_column"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'


def files() -> Iterator[Hostile]:
    yield from _shapes()
    yield from _signs()
    yield from _disguises()
    yield from _of_later_layouts()


def _shapes() -> Iterator[Hostile]:
    yield "columns.csv", LARGE, b"," * 1_000_000
    yield "columns.tsv", LARGE, b"\t" * 1_000_001
    yield "one_wide_line.csv", LARGE, b"," * 16_000 + b"\n" * 10_000
    yield "one_long_line.csv", LARGE, b"1" * (17 * MIB)
    yield "one_long_quoted_line.csv", LARGE, b'"' + b"1" * (17 * MIB) + b'"'
    yield "one_long_field.csv", QUOTES, HEAD + b'"' + b"line\n" * 200_000 + b'"'
    yield "nothing.csv", "file.no_data", b"\n" * 3_000_000
    yield "commas_only.csv", "file.no_data", b",,,,,\n" * 300_000
    yield "quotes_only.csv", QUOTES, b'"' * 100_001


def _signs() -> Iterator[Hostile]:
    yield "nul.csv", NOT_TEXT, HEAD + b"110000,2020,gdp,total,1\0,CNY\n"
    yield "nul_only.csv", NOT_TEXT, b"\0" * MIB
    yield "utf16.csv", ENCODING, HEAD.decode().encode("utf-16")
    yield "utf16_without_mark.csv", NOT_TEXT, HEAD.decode().encode("utf-16-be")
    yield "utf32.csv", ENCODING, HEAD.decode().encode("utf-32")
    yield "bytes_of_no_encoding.csv", ENCODING, HEAD + b"\xff\xff\xfe\n"
    yield "cut_inside_a_sign.csv", ENCODING, HEAD + "北京".encode()[:-1]
    yield "surrogates.csv", ENCODING, HEAD + b"\xed\xa0\x80\xff\n"
    yield "quote_that_never_closes.csv", QUOTES, HEAD + b'"110000,2020\n' + b"1,2,3\n" * 1000
    yield "quote_out_of_place.csv", QUOTES, HEAD + b'"a"b,1,2,3,4,5\n'
    yield "escapes.csv", COLUMN, b"\x1b[2J\x1b]0;evil\x07,b\n1,2\n"
    yield "formulas.csv", COLUMN, b"=cmd|' /C calc'!A0,b\n1,2\n"
    yield "carriage_returns.csv", "file.no_data", b"\r" * 2_000_000


def _disguises() -> Iterator[Hostile]:
    pdf, html, png = b"%PDF-1.7\n", b"<html><table><tr><td>1</td></tr></table></html>", b"\x89PNG\r\n\x1a\n\0"
    for suffix in (".xlsx", ".xlsm", ".xls", ".ods"):
        yield f"picture{suffix}", TYPE, png + suffix.encode()
        yield f"page{suffix}", TYPE, html + suffix.encode()
        yield (
            f"empty{suffix}",
            "file.empty" if suffix == ".xlsx" else TYPE,
            b"" if suffix == ".xlsx" else suffix.encode(),
        )
    yield "workbook.csv", TYPE, honest_workbook() + b"\0"
    yield "workbook.xls", TYPE, honest_workbook() + b"\0\0"
    yield "old_workbook.csv", TYPE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 999
    yield "old_workbook.tsv", TYPE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 998
    yield "packed.csv", ENCODING, b"\x1f\x8b\x08\0\xff\xff\xff\xff"
    yield "picture.tsv", ENCODING, png.replace(b"\0", b"\xff\xff")
    yield "report.pdf", UNKNOWN, pdf
    yield "program.exe", UNKNOWN, b"MZ\x90"
    yield "report.xlsx.exe", UNKNOWN, honest_workbook() + b"MZ"
    yield "no_suffix", UNKNOWN, HEAD + b"1"


def _of_later_layouts() -> Iterator[Hostile]:
    """Kinds that no layout reads yet; whoever adds one changes the reject here."""
    yield "nested.json", UNKNOWN, b"[" * 1_000_000
    yield "digits.json", UNKNOWN, b"9" * 10_000_000
    yield "laughs.xml", UNKNOWN, LAUGHS
