"""Hostile workbooks, made here: whatever they do to their reader, the caller gets one reject."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from sources import apart
from sources.apart import inflates_too_much, read_apart
from sources.cell import Reject
from sources.workbook import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
OPENING = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSING = b"</sheetData></worksheet>"
MIB = 1 << 20


def workbook(path: Path, cells: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    for address, entry in cells.items():
        book.worksheets[0][address] = entry
    book.save(path)
    return path


def with_sheet(path: Path, chunks: Iterator[bytes]) -> Path:
    """A workbook whose one sheet is the given XML."""
    plain = workbook(path.with_name("plain.xlsx"), {"A1": 1})
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != SHEET:
                target.writestr(name, source.read(name))
        with target.open(SHEET, "w", force_zip64=True) as sheet:
            for chunk in chunks:
                sheet.write(chunk)
    return path


def long_text(mebibytes: int) -> Iterator[bytes]:
    yield OPENING + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    for _ in range(mebibytes):
        yield b"a" * MIB
    yield b"</t></is></c></row>" + CLOSING


def many_cells(rows: int) -> Iterator[bytes]:
    yield OPENING
    for row in range(1, rows + 1):
        yield b'<row r="%d"><c r="A%d"><v>%d.5</v></c></row>' % (row, row, row * 7919 % 100_003)
    yield CLOSING


def text_of(result: object) -> str:
    assert isinstance(result, Reject)
    assert result.code == "file.dangerous_workbook"
    return result.text or ""


def test_a_workbook_is_read_as_in_this_process(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "空"
    sheet = book.create_sheet("数据")
    sheet["C3"], sheet["D9"], sheet["D10"] = "北京", 112950.4, "#N/A"
    book.save(tmp_path / "b.xlsx")
    here, there = read_workbook(tmp_path / "b.xlsx"), read_apart(tmp_path / "b.xlsx")
    assert isinstance(here, list)
    assert isinstance(there, list)
    assert [(one.number, one.name) for one in there] == [(1, "空"), (2, "数据")]
    for one, other in zip(here, there, strict=True):
        assert one.grid.equals(other.grid)
        assert one.grid.schema == other.grid.schema


def test_a_cell_in_the_last_corner_ends_the_child_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "far.xlsx", {"A1": "x", "XFD1048576": 1})
    assert path.stat().st_size < 10_000
    assert text_of(read_apart(path)) == "SIGABRT"


def test_entries_that_inflate_beyond_the_limit_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_sheet(tmp_path / "bomb.xlsx", long_text(2))
    monkeypatch.setattr(apart, "MAX_INFLATED", MIB)
    reject = inflates_too_much(path)
    assert text_of(reject).endswith("GiB")


def test_an_entry_that_inflates_like_a_bomb_is_named(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "bomb.xlsx", long_text(60))
    assert text_of(read_apart(path)).startswith(f"{SHEET}: ")
    assert inflates_too_much(with_sheet(tmp_path / "small.xlsx", long_text(40))) is None


@pytest.mark.slow
def test_a_directory_that_lies_about_its_entries_meets_the_limit_of_memory(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "bomb.xlsx", long_text(1536))
    true_size = zipfile.ZipFile(path).getinfo(SHEET).file_size.to_bytes(4, "little")
    content = path.read_bytes()
    assert content.count(true_size) >= 1
    path.write_bytes(content.replace(true_size, (1000).to_bytes(4, "little")))
    assert inflates_too_much(path) is None
    assert text_of(read_apart(path)) == "SIGABRT"


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_sheet(tmp_path / "long.xlsx", many_cells(1))
    # Less than any interpreter needs to start.
    monkeypatch.setattr(apart, "MAX_SECONDS", 0.005)
    assert text_of(read_apart(path)) == "> 0.005 s"


def test_a_reader_that_raises_rejects_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(b"PK\x03\x04garbage")
    assert read_apart(path) == Reject("file.unreadable_workbook")
    path.unlink()
    path.mkdir()
    assert read_apart(path) == Reject("file.unreadable_workbook")


def test_a_child_that_cannot_begin_is_not_blamed_on_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "__name__", "sources.no_such_module")
    with pytest.raises(ChildProcessError):
        read_apart(workbook(tmp_path / "b.xlsx", {"A1": 1}))


def test_the_working_directory_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sources", "polars"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    workbook(tmp_path / "b.xlsx", {"A1": 1})
    monkeypatch.chdir(tmp_path)
    assert isinstance(read_apart(Path("b.xlsx")), list)
