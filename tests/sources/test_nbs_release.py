"""Answers of the portal since 2026: texts for numbers, no order, slices with ids of their own."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources.cell import Reading, Reject
from sources.declared.answer_layout import NbsReleaseLayout
from sources.records.nbs_release import read_nbs_release

Read = Callable[..., Reading]
ID, OTHER_ID = "0a" * 16, "1b" * 16


def figure(value: str | None, **keys: Any) -> dict[str, Any]:
    return {
        "_id": ID, "i_showname": "居民人均可支配收入 (元)", "value": value, "du_name": "元", "du": "d" * 32,
        "da": "330000000000", "da_name": "浙江省", "num_accuracy_value": "1", "order": 1, "ds_order": 1,
    } | keys  # fmt: skip


def body(*periods: tuple[str, list[Any] | None]) -> dict[str, Any]:
    data = [{"code": code, "name": code, "values": values} for code, values in periods]
    return {"success": True, "state": 20000, "message": "成功", "data": data}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: object, **keys: Any) -> Reading:
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return read_nbs_release(path, NbsReleaseLayout(kind="nbs_release", **keys))

    return read


def cells(reading: Reading, *columns: str) -> list[tuple[Any, ...]]:
    return reading.cells.select(columns).rows()


def test_a_figure_is_a_text_with_unit_area_and_period(read: Read) -> None:
    reading = read(body(("2023YY", [figure("63830")])))
    columns = (
        "value_text",
        "unit_text",
        "ref_area_label",
        "time_label",
        "indicator_label",
        "row_no",
        "col_no",
    )
    assert cells(reading, *columns) == [("63830", "元", "330000", "2023", ID, 0, 0)]
    assert reading.rejects == []


@pytest.mark.parametrize("value", ["", None, "  "])
def test_a_blank_and_a_null_are_missing(read: Read, value: str | None) -> None:
    assert cells(read(body(("2023YY", [figure(value)]))), "value_text") == [("",)]


def test_the_text_of_a_number_is_not_touched(read: Read) -> None:
    values = [figure(text) for text in ("1.10", "1,234.5", "0", "-3.0")]
    assert cells(read(body(("2023YY", values))), "value_text") == [("1.10",), ("1,234.5",), ("0",), ("-3.0",)]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("2023YY", "2023"),
        ("202404MM", "2024-04"),
        ("202401SS", "2024-Q1"),
        ("202404SS", "2024-Q4"),
        ("202405SS", "202405SS"),
        ("202413MM", "202413MM"),
    ],
)
def test_periods_are_written_as_sdmx_writes_them(read: Read, code: str, written: str) -> None:
    assert cells(read(body((code, [figure("1")]))), "time_label") == [(written,)]


@pytest.mark.parametrize(
    ("da", "area"),
    [
        ("000000000000", "000000"),
        ("330400000000", "330400"),
        ("330402", "330402"),
        (None, "000000"),
        ("", "000000"),
        ("33", "33"),
    ],
)
def test_an_area_is_the_first_six_of_twelve_digits(read: Read, da: str | None, area: str) -> None:
    assert cells(read(body(("2023YY", [figure("1", da=da)]))), "ref_area_label") == [(area,)]


def test_an_answer_without_areas_is_about_the_declared_one(read: Read) -> None:
    reading = read(body(("2023YY", [figure("1", da=None)])), ref_area="330400")
    assert cells(reading, "ref_area_label") == [("330400",)]


@pytest.mark.parametrize("da", ["", " ", None])
def test_a_figure_without_an_area_among_areas_is_not_the_nations(read: Read, da: str | None) -> None:
    reading = read(body(("2022YY", [figure("5")]), ("2023YY", [figure("6"), figure("7", da=da)])))
    assert cells(reading, "value_text", "ref_area_label") == [("5", "330000"), ("6", "330000")]
    assert reading.rejects == [Reject("cell.unreadable_record", 1, 1, 1, "da")]


def test_what_a_figure_covers_is_kept(read: Read) -> None:
    marked = figure("1", i_mark=" 2013年起为新口径 ")
    assert cells(read(body(("2023YY", [marked]))), "obs_comment") == [("2013年起为新口径",)]


@pytest.mark.parametrize(
    "name",
    [
        "居民人均可支配收入 (元)",
        "居民人均可支配收入（元）",
        " 居民 人均可支配收入(元) ",
        "居民人均可支配收入",
        "居民人均可支配收入　（元）",
    ],
)
def test_a_name_is_compared_without_white_space_width_and_unit(read: Read, name: str) -> None:
    reading = read(body(("2023YY", [figure("1", i_showname=name)])), indicators="name")
    assert cells(reading, "indicator_label") == [("居民人均可支配收入",)]


def test_brackets_that_are_no_unit_stay_in_a_name(read: Read) -> None:
    reading = read(
        body(("2023YY", [figure("1", i_showname="指数（上年=100）", du_name="")])), indicators="name"
    )
    assert cells(reading, "indicator_label", "unit_text") == [("指数(上年=100)", None)]


def test_slices_bear_ids_of_their_own_and_may_share_a_name(read: Read) -> None:
    """By id each slice is declared as a series of its own; by name they are one."""
    older = body(("2020YY", [figure("52397")]), ("2019YY", [figure("49899")]))
    newer = body(("2021YY", [figure("57541", _id=OTHER_ID, i_showname="居民人均可支配收入（元）")]))
    assert {label for content in (older, newer) for (label,) in cells(read(content), "indicator_label")} == {
        ID,
        OTHER_ID,
    }
    named = [cells(read(content, indicators="name"), "indicator_label") for content in (older, newer)]
    assert {label for slice_ in named for (label,) in slice_} == {"居民人均可支配收入"}


def test_ids_that_share_a_name_in_one_answer_stay_apart(read: Read) -> None:
    two = [figure("1", i_mark="旧口径"), figure("2", _id=OTHER_ID, i_mark="新口径")]
    assert cells(read(body(("2023YY", two)), indicators="name"), "indicator_label", "obs_comment") == [
        (ID, "旧口径"),
        (OTHER_ID, "新口径"),
    ]


def test_order_does_not_matter(read: Read) -> None:
    periods = [
        (f"{year}YY", [figure(f"{year}.{area}", da=f"{area}0000000000") for area in (11, 12, 13)])
        for year in range(2015, 2024)
    ]
    columns = ("time_label", "ref_area_label", "value_text")
    expected = sorted(cells(read(body(*periods)), *columns))
    assert len(expected) == 27
    shuffled = random.Random(1).sample(
        [(code, random.Random(2).sample(values, 3)) for code, values in periods], 9
    )
    assert sorted(cells(read(body(*shuffled)), *columns)) == expected


def test_a_figure_is_found_again_at_its_address(read: Read) -> None:
    content = body(("2022YY", [figure("a"), figure("b")]), ("2023YY", []), ("2024YY", [figure("c")]))
    reading = read(content)
    found = cells(reading, "row_no", "col_no", "value_text")
    assert [text for *_, text in found] == ["a", "b", "c"]
    for row, column, text in found:
        assert reading.address.format(row=row, column=column) == f"data[{column}].values[{row}].value"
        assert content["data"][column]["values"][row]["value"] == text


@pytest.mark.parametrize("periods", [[], [("2023YY", [])], [("2023YY", None)]])
def test_an_answer_without_figures_is_a_file_without_data(read: Read, periods: Any) -> None:
    assert read(body(*periods)).rejects == [Reject("file.no_data")]


def test_an_answer_that_did_not_succeed_is_told_in_its_words(read: Read) -> None:
    reading = read({"success": False, "state": 50000, "message": "系统繁忙", "data": None})
    assert reading.rejects == [Reject("file.error_answer", text="50000 系统繁忙")]


@pytest.mark.parametrize("content", [[], {}, {"data": []}, 1, None, {"success": True, "data": {"list": []}}])
def test_an_answer_of_another_kind_is_refused(read: Read, content: object) -> None:
    assert [reject.code for reject in read(content).rejects] == ["file.other_answer"]


def test_a_record_that_cannot_be_read_is_rejected_alone(read: Read) -> None:
    content = body(("2022YY", [figure("1"), {"value": "2"}, None, figure(["3"])]), ("2023YY", [figure("4")]))  # type: ignore[arg-type]
    content["data"].append({"values": []})
    reading = read(content)
    assert reading.rejects == [
        Reject("cell.unreadable_record", 1, 1, 0, "_id"),
        Reject("cell.unreadable_record", 1, 2, 0, "{ }"),
        Reject("cell.unreadable_record", 1, 3, 0, "value"),
        Reject("cell.unreadable_record", 1, 0, 2, "code"),
    ]
    assert cells(reading, "value_text") == [("1",), ("4",)]
