import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.cell import Reject
from sources.sheet import Sheet
from sources.workbook import read_workbook


def read_cells(path: Path, cells: dict[str, object]) -> dict[str, str]:
    """Writes the cells into a sheet and reads them back, by address."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for address, entry in cells.items():
        sheet[address] = entry
    book.save(path)
    return by_address(sheets_of(path)[0])


def sheets_of(path: Path) -> list[Sheet]:
    found = read_workbook(path)
    assert not isinstance(found, Reject), found
    return found[0]


def by_address(sheet: Sheet) -> dict[str, str]:
    return {
        f"{openpyxl.utils.get_column_letter(int(column))}{row['row_no']}": row[column]
        for row in sheet.grid.iter_rows(named=True)
        for column in sheet.text_columns
        if row[column] is not None
    }


def test_texts_stand_at_their_addresses(tmp_path: Path) -> None:
    cells = {"C3": "标题", "AB7": "x", "C9": " 北 京 ", "D9": "  "}
    assert read_cells(tmp_path / "b.xlsx", {**cells}) == {"C3": "标题", "AB7": "x", "C9": "北 京"}


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (112950.4, "112950.4"),
        (28318.7, "28318.7"),
        (0.503204217141649, "0.503204217141649"),
        (0.1234567890125, "0.1234567890125"),
        (141178, "141178"),
        (141178.0, "141178"),
        (-3.5, "-3.5"),
        (0, "0"),
        (True, "true"),
        ("12O4", "12O4"),
        ("1,234.50", "1,234.50"),
        ("—", "—"),
        (datetime.date(2020, 12, 31), "2020-12-31"),
        ("#N/A", "#N/A"),
        ("#DIV/0!", "#DIV/0!"),
    ],
)
def test_an_entry_is_read_to_the_last_digit(tmp_path: Path, entry: object, text: str) -> None:
    assert read_cells(tmp_path / "b.xlsx", {"A1": "a", "B2": entry})["B2"] == text


@given(st.floats(min_value=-1e12, max_value=1e12, allow_subnormal=False))
@settings(max_examples=50, deadline=None)
def test_a_number_keeps_the_digits_that_excel_keeps(
    tmp_path_factory: pytest.TempPathFactory, number: float
) -> None:
    stored = float(f"{number:.15g}")
    text = read_cells(tmp_path_factory.getbasetemp() / "number.xlsx", {"A1": stored})["A1"]
    assert float(text) == stored


def test_errors_and_numbers_share_a_column(tmp_path: Path) -> None:
    cells = {"A1": "#REF!", "A2": 1.5, "B1": 2, "B2": "#VALUE!"}
    expected = {"A1": "#REF!", "A2": "1.5", "B1": "2", "B2": "#VALUE!"}
    assert read_cells(tmp_path / "b.xlsx", {**cells}) == expected


def test_sheets_keep_their_order_and_names_also_when_blank_or_hidden(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "空"
    hidden = book.create_sheet("隐藏")
    hidden["B2"] = 1
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    sheets = sheets_of(tmp_path / "b.xlsx")
    assert [(sheet.number, sheet.name, by_address(sheet)) for sheet in sheets] == [
        (1, "空", {}),
        (2, "隐藏", {"B2": "1"}),
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04garbage", b"\xd0\xcf\x11\xe0garbage"])
def test_a_damaged_workbook_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    assert read_workbook(path) == Reject("file.unreadable_workbook")


def test_a_truncated_workbook_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    read_cells(path, {"A1": 1})
    path.write_bytes(path.read_bytes()[:-100])
    assert read_workbook(path) == Reject("file.unreadable_workbook")
