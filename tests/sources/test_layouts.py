"""Pages as yearbooks print them, each read by what its `source.yml` would say and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sources.cell import Reading, Reject
from sources.declared.source import Declaration
from sources.errors import SourceError
from sources.parsing import parse

Rows = list[list[Any]]
ReadPages = Callable[..., Reading]
A = {"column": "A"}


@pytest.fixture
def read_pages(declare: Callable[..., Declaration], tmp_path: Path) -> ReadPages:
    """Writes sheets of rows to a workbook and reads it by blocks."""

    def read_pages(
        sheets: dict[str, Rows], *blocks: dict[str, Any], name: str = "f.xlsx", **more: Any
    ) -> Reading:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "f.xlsx")
        layout = {"kind": "table", "blocks": list(blocks), **more.pop("layout", {})}
        return parse(tmp_path / "f.xlsx", declare(layout=layout, **more), name)

    return read_pages


def told(reading: Reading, *columns: str) -> list[tuple[Any, ...]]:
    assert reading.rejects == []
    return reading.cells.select(*columns, "value_text").rows()


def block(first_row: int, first_column: str = "B", **labels: Any) -> dict[str, Any]:
    fixed = {
        "ref_area": A,
        "time_period": {"text": "2020"},
        "unit": {"text": "人"},
        "indicator": {"text": "人口"},
    }
    return {"labels": fixed | labels, "first_row": first_row, "first_column": first_column}


def test_a_heading_of_two_rows_is_joined_within_its_group(read_pages: ReadPages) -> None:
    rows = [
        ["地区", "总人口", "城镇居民", None, "农村居民", None],
        [None, None, "收入", "消费", "收入", "消费"],
        ["北京市", 1, 2, 3, 4, 5],
    ]
    page = block(3, indicator={"row": [1, 2], "carry": True})
    assert told(read_pages({"表": rows}, page), "indicator_label") == [
        ("总人口", "1"),
        ("城镇居民/收入", "2"),
        ("城镇居民/消费", "3"),
        ("农村居民/收入", "4"),
        ("农村居民/消费", "5"),
    ]


def test_a_blank_below_a_new_group_takes_nothing_from_the_group_before(read_pages: ReadPages) -> None:
    rows = [["地区", "城镇", None, "总数"], [None, "收入", None, None], ["北京市", 1, 2, 3]]
    page = block(3, indicator={"row": [1, 2], "carry": True})
    assert told(read_pages({"表": rows}, page), "indicator_label") == [
        ("城镇/收入", "1"),
        ("城镇/收入", "2"),
        ("总数", "3"),
    ]


def test_years_stand_down_and_areas_across(read_pages: ReadPages) -> None:
    rows = [["年份", "北京市", "天津市"], ["2019年", 1, 2], ["2020年", 3, 4]]
    page = block(2, ref_area={"row": 1}, time_period=A)
    assert told(read_pages({"表": rows}, page), "ref_area_label", "time_label") == [
        ("北京市", "2019年", "1"),
        ("天津市", "2019年", "2"),
        ("北京市", "2020年", "3"),
        ("天津市", "2020年", "4"),
    ]


def test_indicators_are_stacked_under_rows_without_figures(read_pages: ReadPages) -> None:
    rows = [
        ["地区", 2019, 2020],
        ["一、人口（万人）"],
        ["北京市", 1, 2],
        ["天津市", 3, None],
        ["二、收入（元）"],
        ["北京市", 5, 6],
    ]
    page = block(
        2,
        time_period={"row": 1},
        indicator={"heading": "A", "pattern": "、(.+)（"},
        unit={"heading": "A", "pattern": "（(.+)）"},
    )
    assert told(read_pages({"表": rows}, page), "indicator_label", "unit_text", "ref_area_label") == [
        ("人口", "万人", "北京市", "1"),
        ("人口", "万人", "北京市", "2"),
        ("人口", "万人", "天津市", "3"),
        ("收入", "元", "北京市", "5"),
        ("收入", "元", "北京市", "6"),
    ]


def test_one_block_stands_wherever_its_opening_is_found(read_pages: ReadPages) -> None:
    rows = [
        ["表1 人口"], ["单位：万人"], ["地区", 2019], ["北京市", 1], ["天津市", 2], ["注：x"], [],
        ["表2 收入"], ["单位：元"], ["地区", 2020], ["北京市", 3],
    ]  # fmt: skip
    page = block(
        4,
        time_period={"row": 3},
        indicator={"cell": "A1", "pattern": r"^表\d+ (.+)$"},
        unit={"cell": "A2", "pattern": "：(.+)$"},
    )
    reading = read_pages({"表": rows}, page | {"starts": r"^表\d"})
    assert told(reading, "row_no", "indicator_label", "unit_text", "time_label") == [
        (4, "人口", "万人", "2019", "1"),
        (5, "人口", "万人", "2019", "2"),
        (11, "收入", "元", "2020", "3"),
    ]


def test_every_sheet_that_matches_is_a_page_whose_name_is_a_label(read_pages: ReadPages) -> None:
    sheets: dict[str, Rows] = {
        "2019年": [["地区", "人口"], ["北京市", 1]],
        "2020年": [["地区", "人口"], ["北京市", 2]],
        "目录": [["页", 7]],
    }
    page = block(2, time_period={"sheet_name": True, "pattern": r"^(\d{4})年"}) | {"sheets": r"^\d{4}年$"}
    reading = read_pages(sheets, page, layout={"skip_sheets": "目录"})
    assert told(reading, "sheet_no", "time_label") == [(1, "2019", "1"), (2, "2020", "2")]


def test_a_sheet_with_numbers_that_nobody_declared_is_told(read_pages: ReadPages) -> None:
    sheets: dict[str, Rows] = {
        "表": [["地区", "人口"], ["北京市", 1]],
        "续表": [["天津市", 2]],
        "说明": [["文字"]],
    }
    assert read_pages(sheets, block(2)).rejects == [Reject("file.undeclared_sheet", 2, text="续表")]


def test_the_year_stands_in_the_name_of_the_file(read_pages: ReadPages) -> None:
    page = block(2, time_period={"file_name": True, "pattern": r"(\d{4})年"})
    rows = [["地区", "人口"], ["北京市", 1]]
    assert told(read_pages({"表": rows}, page, name="统计年鉴2021年.xlsx"), "time_label") == [("2021", "1")]
    without = read_pages({"表": rows}, page, name="统计年鉴.xlsx")
    assert without.rejects == [Reject("file.missing_label", 1, text="统计年鉴.xlsx")]


def test_columns_and_rows_that_are_not_wanted_are_left_out(read_pages: ReadPages) -> None:
    rows = [
        ["地区", "序号", "人口", "比重"],
        ["合计", 0, 9, 100],
        ["北京市", 1, 4, 40],
        ["天津市", 2, 5, 60],
        ["备查", 3, 7],
    ]
    page = block(2, indicator={"row": 1}) | {
        "skip_columns": ["B", "D"],
        "skip_rows": "^(合计|备查)",
    }
    assert told(read_pages({"表": rows}, page), "ref_area_label", "col_no") == [
        ("北京市", 3, "4"),
        ("天津市", 3, "5"),
    ]


def test_a_block_ends_at_its_last_row_and_what_follows_is_told(read_pages: ReadPages) -> None:
    rows = [["地区", "人口"], ["北京市", 1], ["天津市", 2], ["制表人", "张三"], ["合计", 3]]
    reading = read_pages({"表": rows}, block(2) | {"last_row": 3})
    assert reading.cells["value_text"].to_list() == ["1", "2"]
    assert reading.rejects == [Reject("cell.outside_blocks", 1, 5, 2, "3")]


def test_the_area_above_and_the_kind_of_area_are_labels_too(read_pages: ReadPages) -> None:
    rows = [["市", "区", "城镇", "农村"], ["南京市", "鼓楼区", 1, 2], [None, "玄武区", 3, 4]]
    page = block(
        2, "C", parent_area={"column": "A", "carry": True}, ref_area={"column": "B"}, area_type={"row": 1}
    )
    reading = read_pages({"表": rows}, page)
    assert told(reading, "parent_area_label", "ref_area_label", "area_type_label") == [
        ("南京市", "鼓楼区", "城镇", "1"),
        ("南京市", "鼓楼区", "农村", "2"),
        ("南京市", "玄武区", "城镇", "3"),
        ("南京市", "玄武区", "农村", "4"),
    ]


def test_the_vintage_stands_in_a_cell_or_in_the_name_of_the_file(read_pages: ReadPages) -> None:
    rows = [["发布日期：2021-05-11"], ["地区", "人口"], ["北京市", 1]]
    in_cell = block(3, vintage={"cell": "A1", "pattern": r"(\d{4}-\d{2}-\d{2})"})
    assert told(read_pages({"表": rows}, in_cell), "vintage_text") == [("2021-05-11", "1")]
    in_name = {"vintage": {"file_name": r"_(\d{4}-\d{2})\."}}
    assert told(read_pages({"表": rows}, block(3), name="x_2021-05.xlsx", **in_name), "vintage_text") == [
        ("2021-05", "1")
    ]
    undated = read_pages({"表": rows}, block(3), **in_name)
    assert undated.cells["value_text"].to_list() == ["1"]
    assert undated.rejects == [Reject("file.missing_vintage", text="f.xlsx")]


def test_an_opening_that_is_not_found_is_told(read_pages: ReadPages) -> None:
    reading = read_pages({"表": [["地区", "人口"], ["北京市", 1]]}, block(2) | {"starts": "^续表"})
    assert Reject("file.missing_block", text="^续表") in reading.rejects


def test_a_table_without_units_is_refused_unless_each_series_states_one(read_pages: ReadPages) -> None:
    page = block(2)
    del page["labels"]["unit"]
    series = [{"label": "人口", "indicator": "resident_population"}]
    with pytest.raises(SourceError, match=r"series\[0\]"):
        read_pages({"表": [["地区", "人口"], ["北京市", 1]]}, page, series=series)
    stated = [series[0] | {"unit": "万人"}]
    assert told(read_pages({"表": [["地区", "人口"], ["北京市", 1]]}, page, series=stated), "unit_text") == [
        (None, "1")
    ]


def test_a_heading_of_another_form_labels_nothing(read_pages: ReadPages) -> None:
    rows = [["地区", 2019], ["一、城镇（万人）"], ["北京市", 1], ["二、农村(万人)"], ["北京市", 2]]
    page = block(2, time_period={"row": 1}, indicator={"heading": "A", "pattern": "、(.+)（"})
    reading = read_pages({"表": rows}, page)
    assert reading.cells.select("indicator_label", "value_text").rows() == [("城镇", "1")]
    assert reading.rejects == [Reject("cell.no_heading", 1, 5, 2, "2")]


def test_a_carried_text_of_another_form_labels_nothing(read_pages: ReadPages) -> None:
    rows = [
        ["年", "地区", "人口"],
        ["2020年", "北京市", 1],
        [None, "天津市", 2],
        ["2O21年", "北京市", 3],
        [None, "天津市", 4],
    ]
    page = block(
        2, "C", ref_area={"column": "B"}, time_period={"column": "A", "carry": True, "pattern": r"(\d{4})年"}
    )
    reading = read_pages({"表": rows}, page)
    assert reading.cells["time_label"].to_list() == ["2020", "2020"]
    assert [reject.text for reject in reading.rejects] == ["3", "4"]


def test_what_stands_over_a_column_or_row_that_is_not_wanted_is_carried_on(read_pages: ReadPages) -> None:
    rows = [
        ["地区", 2019, None, None, 2020, None, None],
        [None, "城镇", "农村", "合计", "合计", "城镇", "农村"],
        ["北京市", 1, 2, 9, 9, 3, 4],
    ]
    page = block(3, time_period={"row": 1, "carry": True}, indicator={"row": 2}) | {
        "skip_columns": ["D", "E"]
    }
    assert told(read_pages({"表": rows}, page), "time_label", "indicator_label") == [
        ("2019", "城镇", "1"),
        ("2019", "农村", "2"),
        ("2020", "城镇", "3"),
        ("2020", "农村", "4"),
    ]
    down: Rows = [
        ["年", "地区", "人口"],
        [2020, "全省", 9],
        [None, "甲市", 1],
        [2021, "全省", 8],
        [None, "甲市", 2],
    ]
    page = block(2, "C", ref_area={"column": "B"}, time_period={"column": "A", "carry": True})
    assert told(read_pages({"表": down}, page | {"skip_rows": "^202"}), "time_label") == [
        ("2020", "1"),
        ("2021", "2"),
    ]


def test_a_block_ends_where_another_opens(read_pages: ReadPages) -> None:
    rows = [["表1"], ["地区", 2020, 2021], ["北京市", 1, 2], ["表2"], ["地区", 2018, 2019], ["北京市", 3, 4]]
    pages = [block(3, time_period={"row": 2}) | {"starts": f"^表{number}"} for number in (1, 2)]
    assert told(read_pages({"表": rows}, *pages), "row_no", "time_label") == [
        (3, "2020", "1"),
        (3, "2021", "2"),
        (6, "2018", "3"),
        (6, "2019", "4"),
    ]


def test_blocks_side_by_side_do_not_end_each_other(read_pages: ReadPages) -> None:
    rows = [
        ["地区", "人口"],
        ["北京市", 1],
        ["天津市", 2, None, "地区", "收入"],
        ["河北省", 3, None, "山西省", 4],
    ]
    left = block(2) | {"last_column": "B"}
    right = block(4, "E", ref_area={"column": "D"}, indicator={"row": 3})
    reading = read_pages({"表": rows}, left, right)
    assert told(reading, "ref_area_label", "indicator_label") == [
        ("北京市", "人口", "1"),
        ("天津市", "人口", "2"),
        ("河北省", "人口", "3"),
        ("山西省", "收入", "4"),
    ]


@pytest.mark.parametrize("number", ["3①", "1 234", "－5", "1.2e3", "７", "12%", "-3.5"])
def test_a_number_in_no_block_is_told_in_any_form(read_pages: ReadPages, number: str) -> None:
    rows = [["地区", "人口"], ["北京市", 1], ["注：x"], ["天津市", number]]
    assert read_pages({"表": rows}, block(2)).rejects == [Reject("cell.outside_blocks", 1, 4, 2, number)]


def test_a_column_right_of_the_last_one_and_rows_before_the_first_are_told(read_pages: ReadPages) -> None:
    rows = [["地区", 2019, 2020, 2021], ["北京市", 1, 2, 3], ["天津市", 4, 5, 6], ["河北省", 7, 8, 9]]
    page = block(3, time_period={"row": 1}) | {"last_column": "C"}
    assert read_pages({"表": rows}, page).rejects == [
        Reject("cell.outside_blocks", 1, 2, 2, "1"),
        Reject("cell.outside_blocks", 1, 3, 4, "6"),
    ]
