from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cell import CELL_COLUMNS, Reading, Reject
from sources.declared.source import Declaration
from sources.parsing import parse
from sources.sheets.sheet import Sheet, sheet_of
from sources.sheets.tidy import MANDATORY, OPTIONAL, read_tidy

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
ROW = "330182,2020,disposable_income_per_capita,urban,61830,CNY"
Read = Callable[[bytes], Reading]


@pytest.fixture
def read_submission(declare: Callable[..., Declaration], tmp_path: Path) -> Read:
    def read_submission(content: bytes) -> Reading:
        path = tmp_path / "f.csv"
        path.write_bytes(content)
        return parse(path, declare(), path.name)

    return read_submission


def lines(*texts: str) -> bytes:
    return "\n".join(texts).encode()


def test_a_row_is_a_cell_addressed_by_its_value(read_submission: Read) -> None:
    reading = read_submission(lines(HEADER, ROW))
    assert reading.rejects == []
    assert reading.sheets == [""]
    assert dict(reading.cells.schema) == {name: dtype() for name, dtype in CELL_COLUMNS.items()}
    cell = reading.cells.row(0, named=True)
    assert {name: text for name, text in cell.items() if text is not None} == {
        "sheet_no": 1,
        "row_no": 2,
        "col_no": 5,
        "value_text": "61830",
        "unit_text": "CNY",
        "ref_area_label": "330182",
        "time_label": "2020",
        "indicator_label": "disposable_income_per_capita",
        "area_type_label": "urban",
    }


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_saved_with_another_delimiter_is_read_alike(read_submission: Read, delimiter: str) -> None:
    remark = '"held, in part"'
    rows = lines(f"{HEADER},OBS_COMMENT", f"{ROW},{remark}")
    saved = lines(*(one.replace(",", delimiter) for one in (f"{HEADER},OBS_COMMENT", ROW)))
    saved += f"{delimiter}{remark}".encode()
    assert read_submission(saved).cells.equals(read_submission(rows).cells)
    assert read_submission(saved).cells["obs_comment"].to_list() == ["held, in part"]


def test_every_optional_column_has_its_place(read_submission: Read) -> None:
    header = ",".join([HEADER, *OPTIONAL])
    reading = read_submission(lines(header, ",".join([ROW, *(name.lower() for name in OPTIONAL)])))
    cell = reading.cells.row(0, named=True)
    assert {target: cell[target] for target in OPTIONAL.values()} == {
        target: name.lower() for name, target in OPTIONAL.items()
    }


@pytest.mark.parametrize("value", ["", "1,234", "１２３", "12O4", "-", "…", "#N/A", "0"])
def test_a_value_is_passed_on_as_it_stands(read_submission: Read, value: str) -> None:
    reading = read_submission(lines(HEADER, ROW.replace("61830", f'"{value}"')))
    assert reading.cells["value_text"].to_list() == [value]


def test_a_byte_order_mark_and_blanks_around_names_do_not_matter(read_submission: Read) -> None:
    reading = read_submission(b"\xef\xbb\xbf" + lines(HEADER.replace(",", " ,\u3000"), ROW))
    assert reading.cells.height == 1


@pytest.mark.parametrize(
    ("header", "code", "names"),
    [
        (HEADER.replace("UNIT_MEASURE", "OBS_STATUS"), "file.missing_column", "UNIT_MEASURE"),
        ("指标,2020年", "file.missing_column", ", ".join(MANDATORY)),
        (HEADER + ",COLOUR,SIZE", "file.unknown_column", "COLOUR, SIZE"),
        (HEADER + ",Ref_Area", "file.duplicate_column", "REF_AREA"),
    ],
)
def test_a_wrong_header_rejects_the_file(read_submission: Read, header: str, code: str, names: str) -> None:
    reading = read_submission(lines("", header, ROW))
    assert reading.cells.is_empty()
    assert reading.rejects == [Reject(code, 1, 2, text=names)]


def test_a_header_alone_is_a_file_without_data(read_submission: Read) -> None:
    assert read_submission(lines(HEADER, "")).rejects == [Reject("file.no_data", 1)]


def test_a_long_row_is_rejected_and_the_others_are_read(read_submission: Read) -> None:
    reading = read_submission(lines(HEADER, ROW.replace("61830", "61,830"), ROW, ROW + ","))
    assert reading.rejects == [Reject("cell.no_heading", 1, 2, 7, "CNY")]
    assert reading.cells["row_no"].to_list() == [3, 4]


def test_a_text_under_a_blank_heading_is_rejected(read_submission: Read) -> None:
    reading = read_submission(lines("," + HEADER, "," + ROW, "x," + ROW))
    assert reading.rejects == [Reject("cell.no_heading", 1, 3, 1, "x")]
    assert reading.cells["row_no"].to_list() == [2]


def test_a_short_row_has_blanks_for_what_is_missing(read_submission: Read) -> None:
    reading = read_submission(lines(HEADER, ROW.removesuffix(",61830,CNY"), ROW))
    assert reading.cells["value_text"].to_list() == ["", "61830"]
    assert reading.cells["unit_text"].to_list() == [None, "CNY"]


def test_blank_rows_are_no_cells_and_do_not_shift_addresses(read_submission: Read) -> None:
    reading = read_submission(lines(HEADER, ",,,,,", "", ROW))
    assert reading.cells["row_no"].to_list() == [4]


@given(st.data())
def test_order_and_case_of_the_columns_do_not_matter(data: st.DataObject) -> None:
    names = data.draw(st.permutations(list(MANDATORY | OPTIONAL)))
    spelt = [data.draw(st.sampled_from([name, name.lower(), name.title()])) for name in names]
    cells, rejects = read_tidy(tidy_sheet(spelt, [name.lower() for name in names]))
    assert rejects == []
    cell = cells.row(0, named=True)
    assert cell.pop("col_no") == names.index("OBS_VALUE") + 1
    assert (cell.pop("sheet_no"), cell.pop("row_no")) == (1, 2)
    assert cell == {target: name.lower() for name, target in (MANDATORY | OPTIONAL).items()}


def tidy_sheet(*rows: list[str]) -> Sheet:
    texts = {str(number): list(column) for number, column in enumerate(zip(*rows, strict=True), start=1)}
    return sheet_of(1, "", pl.DataFrame({"row_no": range(1, len(rows) + 1), **texts}))
