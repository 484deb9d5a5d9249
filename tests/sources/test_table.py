from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sources.cell import Reading, Reject
from sources.declared.source import Declaration
from sources.parsing import parse

BLOCK = {
    "labels": {
        "ref_area": {"column": "A"},
        "time_period": {"row": 2},
        "indicator": {"row": 1, "carry": True},
        "unit": {"text": "万人"},
    },
    "first_row": 3,
    "first_column": "B",
}
Rows = list[list[Any]]
ReadTable = Callable[..., Reading]


@pytest.fixture
def read_table(declare: Callable[..., Declaration], tmp_path: Path) -> ReadTable:
    """Reads the rows of one sheet by some blocks, each the block above but for the keys given."""

    def read_table(rows: Rows, *blocks: dict[str, Any], title: str = "表") -> Reading:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = title
        for row in rows:
            sheet.append(row)
        book.save(tmp_path / "f.xlsx")
        layout = {"kind": "table", "blocks": [BLOCK | block for block in blocks or ({},)]}
        return parse(tmp_path / "f.xlsx", declare(layout=layout), "f.xlsx")

    return read_table


def labelled(reading: Reading) -> list[tuple[Any, ...]]:
    labels = ("ref_area_label", "time_label", "indicator_label", "unit_text")
    return reading.cells.select("row_no", "col_no", "value_text", *labels).rows()


def test_a_merged_heading_is_carried_over_its_columns(read_table: ReadTable) -> None:
    rows = [["地区", "城镇", None, "农村"], [None, 2019, 2020, 2019], ["北京市", 1, 2, 3]]
    assert labelled(read_table(rows)) == [
        (3, 2, "1", "北京市", "2019", "城镇", "万人"),
        (3, 3, "2", "北京市", "2020", "城镇", "万人"),
        (3, 4, "3", "北京市", "2019", "农村", "万人"),
    ]


def test_the_heading_of_the_row_labels_is_not_carried_over_figures(read_table: ReadTable) -> None:
    reading = read_table([["地区", None], [None, 2019], ["北京市", 1]])
    assert reading.cells.is_empty()
    assert reading.rejects == [Reject("cell.no_heading", 1, 3, 2, "1")]


def test_a_row_label_is_carried_down_when_declared(read_table: ReadTable) -> None:
    labels = BLOCK["labels"] | {  # type: ignore[operator]
        "ref_area": {"column": "A", "carry": True},
        "time_period": {"column": "B"},
        "indicator": {"row": 1},
    }
    rows = [["地区", "年份", "人口"], [], ["北京市", 2019, 1], [None, 2020, 2], ["天津市", 2019, 3]]
    reading = read_table(rows, {"labels": labels, "first_column": "C"})
    assert [(cell[3], cell[4], cell[2]) for cell in labelled(reading)] == [
        ("北京市", "2019", "1"),
        ("北京市", "2020", "2"),
        ("天津市", "2019", "3"),
    ]


def test_a_figure_under_a_blank_heading_is_rejected_alone(read_table: ReadTable) -> None:
    reading = read_table([["地区", "人口"], [None, 2019, None], ["北京市", 1, 2]])
    assert [cell[2] for cell in labelled(reading)] == ["1"]
    assert reading.rejects == [Reject("cell.no_heading", 1, 3, 3, "2")]


def test_figures_without_a_row_label_are_rejected_and_the_rows_below_are_read(read_table: ReadTable) -> None:
    rows = [["地区", "人口"], [None, 2019], ["北京市", 1], [None, 2], [], ["天津市", 3]]
    reading = read_table(rows)
    assert [(cell[0], cell[2]) for cell in labelled(reading)] == [(3, "1"), (6, "3")]
    assert reading.rejects == [Reject("cell.no_heading", 1, 4, 2, "2")]


@pytest.mark.parametrize("note", ["注：1. 不含港澳台", "资料来源：统计局", "Note: x", "说明"])
def test_a_note_ends_the_block(read_table: ReadTable, note: str) -> None:
    rows = [["地区", "人口"], [None, 2019], ["北京市", 1], [note, 9], ["天津市", 2]]
    reading = read_table(rows)
    assert [cell[2] for cell in labelled(reading)] == ["1"]
    assert reading.rejects == [
        Reject("cell.outside_blocks", 1, 4, 2, "9"),
        Reject("cell.outside_blocks", 1, 5, 2, "2"),
    ]


def test_the_next_block_ends_a_block_without_note(read_table: ReadTable) -> None:
    rows = [
        ["地区", "人口"],
        [None, 2019],
        ["北京市", 1],
        ["单位：人"],
        ["地区", "户籍"],
        [None, 2020],
        ["北京市", 2],
    ]
    second = {
        "labels": BLOCK["labels"]  # type: ignore[operator]
        | {
            "indicator": {"row": 5},
            "time_period": {"row": 6},
            "unit": {"cell": "A4", "pattern": "^单位：(.+)$"},
        },
        "first_row": 7,
    }
    reading = read_table(rows, {}, second)
    assert reading.rejects == []
    assert labelled(reading) == [
        (3, 2, "1", "北京市", "2019", "人口", "万人"),
        (7, 2, "2", "北京市", "2020", "户籍", "人"),
    ]


@pytest.mark.parametrize("entry", ["-", "…", "#", "12O4", "1,234", "１２", "#DIV/0!"])
def test_texts_and_marks_among_the_figures_are_passed_on(read_table: ReadTable, entry: str) -> None:
    reading = read_table([["地区", "人口"], [None, 2019, 2020, 2021], ["北京市", entry, None, 3]])
    assert [(cell[1], cell[2]) for cell in labelled(reading)] == [(2, entry), (4, "3")]


def test_a_label_that_is_not_where_declared_rejects_the_block(read_table: ReadTable) -> None:
    labels = BLOCK["labels"] | {"unit": {"cell": "A1", "pattern": "^单位：(.+)$"}}  # type: ignore[operator]
    reading = read_table([["地区", "人口"], [None, 2019], ["北京市", 1]], {"labels": labels})
    assert reading.cells.is_empty()
    assert reading.rejects == [Reject("file.missing_label", 1, 1, 1, "地区")]


def test_a_missing_sheet_is_named(read_table: ReadTable) -> None:
    reading = read_table([["地区", "人口"], [None, 2019], ["北京市", 1]], {"sheet": "其他"}, {"sheet": "表"})
    assert reading.cells.height == 1
    assert reading.rejects == [Reject("file.missing_sheet", text="其他")]


def test_a_block_without_figures_is_reported(read_table: ReadTable) -> None:
    assert read_table([["地区", "人口"], [None, 2019]]).rejects == [Reject("file.no_data", 1, 3)]
