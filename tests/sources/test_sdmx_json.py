"""SDMX-JSON by messages written out after the standard; a value is the text that is printed, and is found again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.cell import Reading, Reject
from sources.declared.sdmx_layout import SdmxLayout
from sources.declared.source import Declaration
from sources.reading import read
from sources.records.sdmx import read_sdmx

META = {"id": "M1", "prepared": "2026-01-01T00:00:00Z", "sender": {"id": "BUREAU"}, "test": False}
SHOWN = (
    "row_no",
    "col_no",
    "value_text",
    "unit_text",
    "ref_area_label",
    "time_label",
    "indicator_label",
    "obs_status",
)


class Printed(str):
    """A number, as it is to be printed."""


def component(name: str, *codes: str, position: int | None = None, **more: Any) -> dict[str, Any]:
    place = {} if position is None else {"keyPosition": position}
    values = {"values": [{"id": code, "name": f"name of {code}"} for code in codes]} if codes else {}
    return {"id": name, "name": name, **place, **values, **more}


def structure(**attributes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "links": [
            {
                "rel": "dataflow",
                "urn": "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=BUREAU:REGION(1.0)",
            }
        ],
        "dimensions": {
            "dataSet": [component("FREQ", "A", position=0)],
            "series": [
                component("REF_AREA", "330000", "110000", position=1),
                component("INDICATOR", "GDP", "POP", position=2),
            ],
            "observation": [component("TIME_PERIOD", "2021", "2020", position=3)],
        },
        "attributes": {
            "dataSet": [],
            "series": [component("UNIT_MEASURE", "CNY", "PERSONS"), component("UNIT_MULT", "8", "4")],
            "observation": [component("OBS_STATUS", "A", "P")],
            **attributes,
        },
    }


SERIES = {
    "0:0": {"attributes": [0, 0], "observations": {"0": [Printed("74040.80"), 1], "1": [Printed("64689.1")]}},
    "1:1": {"attributes": [1, 1], "observations": {"1": [None, 0], "0": ["0012.50", None]}},
}
SERIES_CELLS = [
    (0, 0, "74040.80", "10^8 CNY", "330000", "2021", "GDP", "P"),
    (1, 0, "64689.1", "10^8 CNY", "330000", "2020", "GDP", None),
    (2, 0, "", "10^4 PERSONS", "110000", "2020", "POP", "A"),
    (3, 0, "0012.50", "10^4 PERSONS", "110000", "2021", "POP", None),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archived"


def read_json(path: Path, content: Any, **layout: Any) -> Reading:
    path.write_text(content if isinstance(content, str) else printed(content), encoding="utf-8")
    return read_sdmx(path, SdmxLayout.model_validate({"kind": "sdmx", **layout}), "f.json")


def printed(content: Any) -> str:
    """JSON with each `Printed` as it was written, which the json module would not keep."""
    if isinstance(content, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{printed(one)}" for name, one in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ",".join(map(printed, content)) + "]"
    return str(content) if isinstance(content, Printed) else json.dumps(content, ensure_ascii=False)


def rows(reading: Reading) -> list[tuple[Any, ...]]:
    return reading.cells.select(SHOWN).rows()


def version_1(structure: dict[str, Any], *data_sets: dict[str, Any]) -> dict[str, Any]:
    return {"meta": META, "data": {"structure": structure, "dataSets": list(data_sets)}}


def version_2(structures: list[dict[str, Any]], *data_sets: dict[str, Any]) -> dict[str, Any]:
    return {"meta": META, "data": {"structures": structures, "dataSets": list(data_sets)}}


def places(content: Any) -> Iterator[list[Any]]:
    """What `$..observations.*` finds."""
    for name, one in content.items() if isinstance(content, dict) else enumerate(content):
        if name == "observations":
            yield from one.values()
        elif isinstance(one, dict | list):
            yield from places(one)


def test_a_source_yml_alone_reads_a_message(declare: Callable[..., Declaration], path: Path) -> None:
    path.write_text(printed(version_1(structure(), {"series": SERIES})), encoding="utf-8-sig")
    reading = read(path, declare(layout={"kind": "sdmx"}), "2021.json")
    assert reading.rejects == []
    assert rows(reading) == SERIES_CELLS


def test_a_message_in_series_is_read_in_both_versions(path: Path) -> None:
    data_set = {"action": "Replace", "series": SERIES}
    for content in (version_1(structure(), data_set), version_2([structure()], {"structure": 0, **data_set})):
        reading = read_json(path, content)
        assert reading.rejects == []
        assert rows(reading) == SERIES_CELLS


def test_a_dimension_that_nobody_named_is_not_passed_over(path: Path) -> None:
    by_sex = structure(dataSet=[component("REMARK", "an attribute")])
    by_sex["dimensions"]["dataSet"].append(component("SEX", "F", position=4))
    content = version_1(by_sex, {"series": SERIES})
    assert read_json(path, content).rejects == [Reject("file.sdmx_unnamed_concept", text="SEX")]
    joined = read_json(path, content, indicator=["INDICATOR", "SEX"])
    assert joined.rejects == []
    assert set(joined.cells["indicator_label"]) == {"GDP.F", "POP.F"}


def test_the_draft_that_sites_still_send_is_read(path: Path) -> None:
    reading = read_json(path, {"header": META, "structure": structure(), "dataSets": [{"series": SERIES}]})
    assert rows(reading) == SERIES_CELLS


def test_a_flat_message_with_several_measures_is_read(path: Path) -> None:
    one = structure(series=[])
    one["dimensions"] = {
        "observation": [
            component("REF_AREA", "330000", "110000", position=0),
            component("INDICATOR", "GDP", position=1),
            component("TIME_PERIOD", position=2, values=[{"value": "2020"}]),
        ]
    }
    one["measures"] = {"observation": [component("TURNOVER"), component("OBS_VALUE")]}
    content = version_2(
        [one], {"observations": {"1:0:0": [Printed("7.0"), Printed("1.50"), 0], "0:0:0": [1]}}
    )
    reading = read_json(path, content)
    assert reading.rejects == []
    assert rows(reading) == [
        (0, 1, "1.50", None, "110000", "2020", "GDP", "A"),
        (1, 1, "", None, "330000", "2020", "GDP", None),
    ]
    assert read_json(path, content, value="TURNOVER").cells["value_text"].to_list() == ["7.0", "1"]


def test_attributes_of_data_set_and_group_reach_each_observation(path: Path) -> None:
    one = structure(
        dataSet=[component("UNIT_MULT", "6")],
        series=[component("CONF_STATUS", default="F")],
        dimensionGroup=[component("UNIT_MEASURE", "CNY", "PERSONS")],
    )
    series = {key: {"observations": content["observations"]} for key, content in SERIES.items()}
    groups = {"::0:": [0], ":1:1:": [1]}
    reading = read_json(
        path, version_2([one], {"attributes": [0], "dimensionGroupAttributes": groups, "series": series})
    )
    assert reading.rejects == []
    assert reading.cells["unit_text"].to_list() == ["10^6 CNY"] * 2 + ["10^6 PERSONS"] * 2
    assert reading.cells["conf_status"].to_list() == ["F"] * 4


def test_an_attribute_of_several_values_shows_all(path: Path) -> None:
    one = structure(observation=[component("OBS_COMMENT", "revised", "census")])
    series = {"0:0": {"observations": {"0": [1, [0, 1]], "1": [2, 1]}}}
    reading = read_json(path, version_2([one], {"series": series}))
    assert reading.cells["obs_comment"].to_list() == ["revised; census", "census"]


def test_structures_are_told_apart(path: Path) -> None:
    city = structure() | {
        "links": [{"urn": "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=BUREAU:CITY(2.0)"}]
    }
    content = version_2(
        [structure(), city], {"structure": 1, "series": SERIES}, {"structure": 0, "series": SERIES}
    )
    mixed = read_json(path, content)
    assert mixed.rejects == [
        Reject("file.sdmx_several_structures", text="BUREAU:CITY(2.0), BUREAU:REGION(1.0)")
    ]
    assert mixed.cells.is_empty()
    chosen = read_json(path, content, structure="BUREAU:REGION")
    assert chosen.rejects == [Reject("file.sdmx_other_structures", text="BUREAU:CITY(2.0)")]
    assert chosen.cells["row_no"].to_list() == [4, 5, 6, 7]


def test_a_data_set_to_delete_is_no_figure(path: Path) -> None:
    reading = read_json(path, version_1(structure(), {"action": "Delete", "series": SERIES}))
    assert [reject.code for reject in reading.rejects] == ["cell.sdmx_delete"] * 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.from_regex(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,12})?([eE][+-]?[0-9])?", fullmatch=True), min_size=1
    )
)
def test_every_number_is_the_text_at_its_address(path: Path, numbers: list[str]) -> None:
    years = [str(1000 + year) for year in range(len(numbers))]
    one = structure(series=[])
    one["dimensions"]["observation"] = [component("TIME_PERIOD", *years, position=3)]
    observations = {str(place): [Printed(number)] for place, number in enumerate(numbers)}
    reading = read_json(path, version_2([one], {"series": {"0:0": {"observations": observations}}}))
    assert reading.rejects == []
    assert reading.cells["value_text"].to_list() == numbers
    assert reading.address == "($..observations.*)[{row}][{column}]"
    found = list(places(json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)))
    for row_no, col_no, text in reading.cells.select("row_no", "col_no", "value_text").iter_rows():
        assert found[row_no][col_no] == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[" * 200_000, "file.sdmx_unsafe"),
        ('{"a":' * 200_000, "file.sdmx_unsafe"),
        ("{", "file.sdmx_unreadable"),
        ("", "file.sdmx_unreadable"),
        ("[1, 2]", "file.sdmx_unreadable"),
        ("null", "file.sdmx_unreadable"),
        ('{"meta": {}, "data": {"codelists": []}}', "file.sdmx_unreadable"),
        ('{"data": {"structure": {}, "dataSets": [], "dataSets": []}}', "file.sdmx_unreadable"),
        (version_1(structure(), {"series": {"0": SERIES["0:0"]}}), "file.sdmx_unreadable"),
        (version_1(structure(), {"series": {"0:9": SERIES["0:0"]}}), "file.sdmx_unreadable"),
        (version_1(structure(), {"series": {"0:-1": SERIES["0:0"]}}), "file.sdmx_unreadable"),
        (version_2([structure()], {"structure": 3, "series": SERIES}), "file.sdmx_unreadable"),
        (version_1(structure(), {"series": {}}), "file.no_data"),
        (version_1(structure()), "file.no_data"),
    ],
    ids=range(14),
)
def test_a_hostile_or_wrong_file_is_one_reject(content: Any, code: str, path: Path) -> None:
    reading = read_json(path, content)
    assert [reject.code for reject in reading.rejects] == [code]
    assert reading.cells.is_empty()
