"""Answers of the World Bank: figures newest first, nulls, messages in place of figures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources.cell import Reading, Reject
from sources.declared.answer_layout import WorldBankLayout
from sources.records.world_bank import read_world_bank

Read = Callable[..., Reading]
RATE = "SP.URB.TOTL.IN.ZS"


def figure(date: str, value: Any, **keys: Any) -> dict[str, Any]:
    return {
        "indicator": {"id": RATE, "value": "Urban population (% of total population)"},
        "country": {"id": "CN", "value": "China"}, "countryiso3code": "CHN",
        "date": date, "value": value, "unit": "", "obs_status": "", "decimal": 0,
    } | keys  # fmt: skip


def body(*figures: Any, **said: Any) -> list[Any]:
    about = {"page": 1, "pages": 1, "per_page": "1000", "total": len(figures), "sourceid": "2"}
    return [about | {"lastupdated": "2020-07-01"} | said, list(figures)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: object, **keys: Any) -> Reading:
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return read_world_bank(path, WorldBankLayout(kind="world_bank", **keys))

    return read


def cells(reading: Reading, *columns: str) -> list[tuple[Any, ...]]:
    return reading.cells.select(columns).rows()


def test_a_figure_keeps_every_digit_and_bears_the_date_of_the_update(read: Read) -> None:
    reading = read(body(figure("2020", 61.428), figure("2019", 60.308, obs_status="E")))
    columns = ("value_text", "time_label", "ref_area_label", "indicator_label", "obs_status", "vintage_text")
    assert cells(reading, *columns) == [
        ("61.428", "2020", "CN", RATE, None, "2020-07-01"),
        ("60.308", "2019", "CN", RATE, "E", "2020-07-01"),
    ]
    assert cells(reading, "unit_text") == [(None,), (None,)]
    assert reading.rejects == []


def test_a_null_is_missing_and_a_zero_is_not(read: Read) -> None:
    assert cells(read(body(figure("2020", None), figure("2019", 0))), "value_text") == [("",), ("0",)]


def test_numbers_may_come_as_texts(read: Read) -> None:
    reading = read(body(figure("2020", "61.43", unit="%"), page="1", per_page="50", total="1"))
    assert cells(reading, "value_text", "unit_text") == [("61.43", "%")]


def test_an_indicator_may_be_called_by_its_name(read: Read) -> None:
    reading = read(body(figure("2020", 1)), indicators="name")
    assert cells(reading, "indicator_label") == [("Urban population (% of total population)",)]


def test_an_answer_that_does_not_say_when_it_was_updated_has_no_vintage(read: Read) -> None:
    assert cells(read(body(figure("2020", 1), lastupdated=None)), "vintage_text") == [(None,)]


@pytest.mark.parametrize("pages", [2, "2"])
def test_one_page_of_several_is_no_whole_answer(read: Read, pages: object) -> None:
    page = body(figure("2020", 1), pages=pages, total=2)
    assert read(page).rejects == [Reject("file.missing_pages", text="2")]
    assert read(page).cells.is_empty()
    assert cells(read(page, in_pages=True), "value_text") == [("1",)]


def test_a_message_in_place_of_figures_is_told_in_its_words(read: Read) -> None:
    message = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
    reading = read([{"message": [message]}])
    told = "120 Invalid value: The provided parameter value is not valid"
    assert reading.rejects == [Reject("file.error_answer", text=told)]


@pytest.mark.parametrize("figures", [None, []])
def test_an_answer_without_figures_is_a_file_without_data(read: Read, figures: object) -> None:
    assert read([body()[0], figures]).rejects == [Reject("file.no_data")]


@pytest.mark.parametrize(
    "content",
    [
        {"page": 1, "source": {"id": "2", "data": [{"value": 1}]}},
        {},
        [],
        [{}],
        [{}, {}],
        [None, []],
        [1, 2, 3],
        "x",
    ],
)
def test_an_answer_of_another_kind_is_refused(read: Read, content: object) -> None:
    assert [reject.code for reject in read(content).rejects] == ["file.other_answer"]


def test_a_record_that_cannot_be_read_is_rejected_alone(read: Read) -> None:
    reading = read(body(None, figure("2020", {"x": 1}), figure("2019", 2), {"date": "2018"}))
    assert reading.rejects == [
        Reject("cell.unreadable_record", 1, 0, 0, "{ }"),
        Reject("cell.unreadable_record", 1, 1, 0, "value"),
        Reject("cell.unreadable_record", 1, 3, 0, "indicator"),
    ]
    assert cells(reading, "row_no", "value_text") == [(2, "2")]


def test_a_figure_is_found_again_at_its_address(read: Read) -> None:
    content = body(*(figure(str(year), year / 100) for year in range(2024, 2015, -1)))
    reading = read(content)
    found = cells(reading, "row_no", "value_text")
    assert len(found) == 9
    for row, text in found:
        assert reading.address.format(row=row) == f"[1][{row}].value"
        assert str(content[1][row]["value"]) == text
