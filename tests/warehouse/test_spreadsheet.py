"""A sheet of texts: spreadsheet programs open it, and nothing in it is a formula."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.spreadsheet import write_sheet

# What a workbook can hold: openpyxl turns the line ends of XML into one kind.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20)


def read(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_texts_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    write_sheet(
        path, "数据查询单", [["项目 Item", "<&>\"'"], ["二", "a\nb"], ["答", ""]], (20, 60), answers=1
    )
    assert read(path) == [["项目 Item", "<&>\"'"], ["二", "a\nb"], ["答", None]]
    assert openpyxl.load_workbook(path).sheetnames == ["数据查询单"]
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.xlsx"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sheet.xlsx"
    write_sheet(path, "a", [[text]], (20,), answers=0)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet["A1"].data_type != "f"
    assert sheet["A1"].value == text


@settings(max_examples=60)
@given(TEXTS)
def test_any_text_makes_a_workbook_that_opens(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("sheet") / "sheet.xlsx"
    write_sheet(path, "a", [["x", text]], (20, 20), answers=0)
    ((_, found),) = read(path)
    shown = "".join(
        sign if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff") else "�" for sign in text
    )
    assert (found or "") == shown


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_sheet(tmp_path / name, "a", [["x"]], (20,), answers=1)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
