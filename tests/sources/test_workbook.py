import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import openpyxl.chart
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.cell import Reject
from sources.guard.limits import Limits
from sources.sheets.sheet import Sheet
from sources.sheets.workbook import read_workbook
from tests.hostile.packing import CLOSING, OPENING, SHEET, honest_workbook, open_document, unpacked, workbook


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
        (2000.0000000001, "2000.0000000001"),
        (123456789012.35, "123456789012.35"),
        (1227054171047.1, "1227054171047.1"),
        (9000000.123456789, "9000000.12345679"),
        (1e-12, "1e-12"),
        ("0.10", "0.10"),
        ("000123", "000123"),
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


def shortest(number: float) -> Decimal:
    """The number with the fewest digits that tell it from other doubles."""
    return Decimal(repr(number))


NUMBERS = st.one_of(
    st.floats(min_value=-1e15, max_value=1e15, allow_subnormal=False),
    st.floats(min_value=-1e12, max_value=1e12).map(lambda number: float(f"{number:.15g}")),
    st.integers(-(10**16), 10**16).map(lambda number: number / 1e9),
).map(lambda number: float(f"{number:.16g}"))
"""Numbers of all lengths, to the digits that openpyxl writes; beyond 2 ** 23 doubles lie further apart than nine
decimals."""


@given(st.lists(NUMBERS, min_size=20, max_size=60))
@settings(max_examples=50, deadline=None)
def test_a_number_is_the_shortest_text_of_what_is_stored(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    cells: dict[str, object] = {f"A{row}": number for row, number in enumerate(numbers, start=1)}
    texts = read_cells(tmp_path_factory.getbasetemp() / "number.xlsx", cells)
    assert [Decimal(texts[address]) for address in cells] == [shortest(number) for number in numbers]


@pytest.mark.corpus
def test_large_sums_of_a_panel_have_no_digits_that_nobody_stored(shared: Path) -> None:
    path = shared / "corpus" / "province_panel_2000_2019.xlsx"
    read = by_address(sheets_of(path)[0])
    stored = {
        cell.coordinate: cell.value
        for row in openpyxl.load_workbook(path, data_only=True).worksheets[0]["K2:M621"]
        for cell in row
        if isinstance(cell.value, int | float)
    }
    assert len(stored) > 1000
    assert {address: Decimal(read[address]) for address in stored} == {
        address: shortest(number) for address, number in stored.items()
    }


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


def test_a_formula_that_was_never_calculated_is_named_and_no_blank_passes_silently(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 1
    other = book.create_sheet("二")
    other["B3"], other["C3"] = '=IF(A1>0,"a",2)', "=SUM(A1:A2)"
    book.save(tmp_path / "b.xlsx")
    found = read_workbook(tmp_path / "b.xlsx")
    assert not isinstance(found, Reject)
    assert found[1] == [
        Reject("cell.formula_without_value", 2, 3, 2, 'IF(A1>0,"a",2)'),
        Reject("cell.formula_without_value", 2, 3, 3, "SUM(A1:A2)"),
    ]


CELLS = (
    b'<row r="2"><c r="B2"><f>A1*2</f><v>%s</v></c><c r="C2" t="str"><f>""</f><v></v></c>'
    b'<c r="D2"><v>0</v></c></row>'
)


@pytest.mark.parametrize(
    ("stored", "leaves_it", "text"), [(b"7", True, "7"), (b"0", False, "0"), (b"0", True, None)]
)
def test_a_stored_zero_counts_unless_its_writer_left_calculating_to_others(
    tmp_path: Path, stored: bytes, leaves_it: bool, text: str | None
) -> None:
    book = unpacked(honest_workbook())["xl/workbook.xml"]
    assert b'fullCalcOnLoad="1"' in book
    changed = {SHEET: OPENING + CELLS % stored + CLOSING}
    if not leaves_it:
        changed["xl/workbook.xml"] = book.replace(b'fullCalcOnLoad="1"', b"")
    (tmp_path / "b.xlsx").write_bytes(workbook(changed))
    found = read_workbook(tmp_path / "b.xlsx")
    assert not isinstance(found, Reject)
    cells = by_address(found[0][0])
    assert (cells.get("B2"), cells["D2"]) == (text, "0")
    assert found[1] == ([] if text else [Reject("cell.formula_without_value", 1, 2, 2, "A1*2")])


def test_chart_sheets_have_a_number_and_no_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图").add_chart(openpyxl.chart.BarChart())
    last = book.create_sheet("三")
    last["B2"], last.sheet_state = 5, "veryHidden"
    book.save(tmp_path / "b.xlsx")
    sheets = sheets_of(tmp_path / "b.xlsx")
    assert [(one.number, one.name, by_address(one)) for one in sheets] == [
        (1, "Sheet", {}), (2, "图", {}), (3, "三", {"B2": "5"}),
    ]  # fmt: skip


def test_macros_and_links_to_other_workbooks_are_no_reason_to_refuse(tmp_path: Path) -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = tmp_path / "b.xlsm"
    path.write_bytes(
        workbook({"xl/vbaProject.bin": b"\xcc\x61macro", "xl/externalLinks/externalLink1.xml": link})
    )
    assert by_address(sheets_of(path)[0])["E2"] == "36102.55"


def test_an_open_document_is_read_as_other_workbooks_are(tmp_path: Path) -> None:
    rows = (
        b'<table:table table:name="\xe8\xa1\xa8"><table:table-row table:number-rows-repeated="2"><table:table-cell/>'
        b'</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        b'<table:table-cell office:value-type="float" office:value="0.30000000000000004"/>'
        b'<table:table-cell office:value-type="date" office:date-value="2020-12-31"/>'
        b'<table:table-cell office:value-type="percentage" office:value="0.5"/>'
        b'<table:table-cell table:formula="of:=[.A1]&gt;3"/>'
        b'<table:table-cell office:value-type="string"><text:p>0.10</text:p></table:table-cell></table:table-row>'
        b"</table:table>"
    )
    (tmp_path / "b.ods").write_bytes(open_document(rows))
    found = read_workbook(tmp_path / "b.ods")
    assert not isinstance(found, Reject)
    assert found[0][0].name == "表"
    assert by_address(found[0][0]) == {
        "C3": "0.30000000000000004",
        "D3": "2020-12-31",
        "E3": "0.5",
        "G3": "0.10",
    }
    assert found[1] == [Reject("cell.formula_without_value", 1, 3, 6, "of:=[.A1]>3")]


def test_an_old_workbook_is_read_as_others_are(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("旧")
    day = xlwt.XFStyle()
    day.num_format_str = "YYYY-MM-DD"
    sheet.write(1, 1, 0.1 + 0.2)
    sheet.write(2, 0, "0.10")
    sheet.write(3, 0, datetime.date(2020, 12, 31), day)
    book.save(str(tmp_path / "b.xls"))
    (only,) = sheets_of(tmp_path / "b.xls")
    assert only.name == "旧"
    assert by_address(only) == {"B2": "0.30000000000000004", "A3": "0.10", "A4": "2020-12-31"}


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["national_annual.xls", "population_annual.xls"])
def test_old_workbooks_of_the_portal_are_read(shared: Path, name: str) -> None:
    sheets = sheets_of(shared / "corpus" / "nbs_portal_xls" / name)
    assert len(by_address(sheets[0])) > 20


def test_a_workbook_with_more_cells_than_are_read_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 40):
        book.worksheets[0].cell(row, 1, row)
    book.save(tmp_path / "b.xlsx")
    found = read_workbook(tmp_path / "b.xlsx", Limits(cells=39 * 26 - 1))
    assert found == Reject("file.too_large", text="39 × 26")
    assert not isinstance(read_workbook(tmp_path / "b.xlsx", Limits(cells=39 * 26)), Reject)
