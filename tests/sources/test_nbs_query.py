"""Answers of easyquery: what is a figure, what is missing, what is no answer at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cell import Reading, Reject
from sources.declared.answer_layout import NbsQueryLayout
from sources.records.nbs_query import read_nbs_query

Read = Callable[..., Reading]
CODE = "A050101"


def figure(text: str, data: Any, *, hasdata: bool = True) -> dict[str, Any]:
    return {"data": data, "dotcount": 1, "hasdata": hasdata, "strdata": text}


def datum(shown: dict[str, Any], **places: str) -> dict[str, Any]:
    wds = [{"wdcode": name, "valuecode": code} for name, code in places.items()]
    return {"code": "zb.x", "data": shown, "wds": wds}


def node(code: str, **keys: str) -> dict[str, Any]:
    return {"code": code, "name": code, "cname": code, "unit": "", "exp": "", "memo": ""} | keys


def body(*data: Any, nodes: list[Any] | None = None) -> dict[str, Any]:
    dimensions = [
        {"wdcode": "sj", "wdname": "时间", "nodes": [node("2020")]},
        {"wdcode": "zb", "wdname": "指标", "nodes": [node(CODE)] if nodes is None else nodes},
    ]
    return {"returncode": 200, "returndata": {"datanodes": list(data), "wdnodes": dimensions}}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: object, **keys: Any) -> Reading:
        path = tmp_path / "answer.json"
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return read_nbs_query(path, NbsQueryLayout(kind="nbs_query", dbcode="fsnd", **keys))

    return read


def cells(reading: Reading, *columns: str) -> list[tuple[Any, ...]]:
    return reading.cells.select(columns).rows()


def test_the_published_text_is_the_value_and_the_unrounded_one_a_remark(read: Read) -> None:
    reading = read(body(datum(figure("100.7", 100.71505336), zb=CODE, reg="330000", sj="2020")))
    assert cells(reading, "value_text", "obs_comment") == [("100.7", "data=100.71505336")]
    assert reading.rejects == []


def test_the_unrounded_figure_keeps_every_digit(read: Read) -> None:
    text = json.dumps(body(datum(figure("1.2", 0), zb=CODE, sj="2020")))
    reading = read(text.replace('"data": 0', '"data": 1.23456789012345678901'))
    assert cells(reading, "obs_comment") == [("data=1.23456789012345678901",)]


def test_a_figure_without_data_is_missing_and_no_zero(read: Read) -> None:
    reading = read(
        body(
            datum(figure("", 0.0, hasdata=False), zb=CODE, sj="2019"),
            datum(figure("0.0", 0.0), zb=CODE, sj="2020"),
        )
    )
    assert cells(reading, "time_label", "value_text") == [("2019", ""), ("2020", "0.0")]


@pytest.mark.parametrize(("text", "data"), [("", 0), (" ", 0.0), ("", 12.5)])
def test_what_is_not_published_is_missing_whatever_stands_behind_it(read: Read, text: str, data: Any) -> None:
    reading = read(body(datum(figure(text, data), zb=CODE, sj="2020")))
    assert cells(reading, "value_text", "obs_comment") == [("", f"data={data}")]


@pytest.mark.parametrize("order", [("zb", "reg", "sj"), ("sj", "reg", "zb"), ("reg", "sj", "zb")])
def test_dimensions_are_told_apart_by_their_code_in_any_order(read: Read, order: tuple[str, ...]) -> None:
    places = {"zb": CODE, "reg": "330000", "sj": "2020"}
    reading = read(body(datum(figure("1", 1), **{name: places[name] for name in order})))
    assert cells(reading, "indicator_label", "ref_area_label", "time_label") == [
        (f"fsnd/{CODE}", "330000", "2020")
    ]


def test_an_answer_without_areas_is_about_the_declared_one(read: Read) -> None:
    content = body(datum(figure("1", 1), zb=CODE, sj="2020"))
    assert cells(read(content), "ref_area_label") == [("000000",)]
    assert cells(read(content, ref_area="330400"), "ref_area_label") == [("330400",)]


def test_unit_note_and_explanation_come_from_the_indicators_node(read: Read) -> None:
    told = node(CODE, name=" 地区生产总值 ", unit="亿元", memo="2015年起为新口径。", exp="指最终成果。")
    reading = read(body(datum(figure("1.0", "1.04"), zb=CODE, sj="2020"), nodes=[told]))
    assert cells(reading, "unit_text", "obs_comment") == [
        ("亿元", "data=1.04 · 2015年起为新口径。 · 指最终成果。")
    ]


def test_a_label_is_the_code_with_its_database_or_the_name(read: Read) -> None:
    """The same code stands for another indicator in another database."""
    named = body(datum(figure("1", 1), zb=CODE, sj="2020"), nodes=[node(CODE, name="地级区划数")])
    assert cells(read(named), "indicator_label") == [(f"fsnd/{CODE}",)]
    assert cells(read(named, indicators="name"), "indicator_label") == [("地级区划数",)]


def test_a_name_that_two_codes_share_is_no_label(read: Read) -> None:
    two = [node("A01", name="指数"), node("A02", name="指数"), node("A03", name="产值")]
    data = [datum(figure("1", 1), zb=one["code"], sj="2020") for one in two]
    assert cells(read(body(*data, nodes=two), indicators="name"), "indicator_label") == [
        ("fsnd/A01",),
        ("fsnd/A02",),
        ("产值",),
    ]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("2020", "2020"),
        ("202001", "2020-01"),
        ("202412", "2024-12"),
        ("2020A", "2020-Q1"),
        ("2020D", "2020-Q4"),
    ],
)
def test_periods_are_written_as_sdmx_writes_them(read: Read, code: str, written: str) -> None:
    assert cells(read(body(datum(figure("1", 1), zb=CODE, sj=code))), "time_label") == [(written,)]


@pytest.mark.parametrize("code", ["LAST10", "202013", "202000", "20", "2020E", ""])
def test_a_period_that_is_not_known_is_left_for_the_reader_of_labels(read: Read, code: str) -> None:
    assert cells(read(body(datum(figure("1", 1), zb=CODE, sj=code))), "time_label") == [(code,)]


def test_null_nodes_and_no_data_are_a_file_without_figures(read: Read) -> None:
    reading = read(body(nodes=[None]))
    assert (reading.cells.height, reading.rejects) == (0, [Reject("file.no_data")])


def test_figures_of_indicators_without_a_node_are_read(read: Read) -> None:
    reading = read(body(datum(figure("1", 1), zb=CODE, sj="2020"), nodes=[None]))
    assert cells(reading, "value_text", "unit_text") == [("1", None)]


def test_an_error_in_place_of_figures_is_told_in_its_words(read: Read) -> None:
    reading = read({"returncode": 501, "returndata": "对不起，未能找到"})
    assert reading.rejects == [Reject("file.error_answer", text="501 对不起，未能找到")]


@pytest.mark.parametrize(
    "content",
    [
        [{"dbcode": "hgyd", "id": "A01", "isParent": True}],
        {},
        [],
        1,
        None,
        "x",
        {"returndata": {"datanodes": None}},
    ],
)
def test_an_answer_of_another_kind_is_refused(read: Read, content: object) -> None:
    reading = read(json.dumps(content))
    assert [reject.code for reject in reading.rejects] == ["file.other_answer"]
    assert reading.cells.is_empty()


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (None, "{ }"),
        ({"wds": []}, "data"),
        ({"data": figure("1", 1)}, "wds"),
        (datum(figure("1", 1), zb=CODE), "sj"),
        (datum(figure("1", 1), sj="2020"), "zb"),
        (datum(figure("1", 1), zb=CODE, sj="2020", yj="1"), "yj"),
        (datum({"strdata": "1"}, zb=CODE, sj="2020"), "data.hasdata"),
    ],
)
def test_a_record_that_cannot_be_read_is_rejected_alone(read: Read, wrong: Any, text: str) -> None:
    reading = read(body(wrong, datum(figure("7", 7), zb=CODE, sj="2020")))
    assert reading.rejects == [Reject("cell.unreadable_record", 1, 0, 0, text)]
    assert cells(reading, "row_no", "value_text") == [(1, "7")]


def test_a_figure_is_found_again_at_its_address(read: Read) -> None:
    content = body(*(datum(figure(f"{n}.5", n), zb=CODE, sj=f"{2000 + n}") for n in range(5)))
    reading = read(content)
    for row, column, text in cells(reading, "row_no", "col_no", "value_text"):
        place = reading.address.format(row=row, column=column)
        assert place == f"returndata.datanodes[{row}].data.strdata"
        assert content["returndata"]["datanodes"][row]["data"]["strdata"] == text
    assert reading.sheets == [""]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file.empty"),
        ("{", "file.not_json"),
        ('{"a": NaN}', "file.not_json"),
        ("[" * 100_000, "file.not_json"),
        ("[" * 100_000 + "]" * 100_000, "file.not_json"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "file.not_json"),
        ("<html>", "file.not_json"),
    ],
)
def test_what_is_no_json_is_one_reject(read: Read, text: str, code: str) -> None:
    assert [reject.code for reject in read(text).rejects] == [code]


def test_bytes_of_another_encoding_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('{"returndata": "中国"}'.encode("gb18030"))
    reading = read_nbs_query(path, NbsQueryLayout(kind="nbs_query", dbcode="fsnd"))
    assert reading.rejects == [Reject("file.wrong_encoding", text="UTF-8")]


def test_a_byte_order_mark_is_no_content(read: Read) -> None:
    text = json.dumps(body(datum(figure("1", 1), zb=CODE, sj="2020")))
    assert cells(read("\ufeff" + text), "value_text") == [("1",)]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["returncode", "returndata", "datanodes", "wdnodes", "data", "wds"]), inner
        )
    ),
    max_leaves=15,
)


@given(content=JSON)
def test_no_content_brings_the_reader_down(content: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    reading = read_nbs_query(path, NbsQueryLayout(kind="nbs_query", dbcode="fsnd"))
    assert reading.cells.height or reading.rejects


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name", ["get_reg_provinces_0", "stats_gdp_0", "stats_multi_period_0", "stats_with_reg_annual_0"]
)
def test_recorded_answers_are_read_figure_by_figure(shared: Path, name: str) -> None:
    path = shared / "corpus" / "nbs_easyquery_json" / f"test_{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))["returndata"]
    expected = []
    for node_no, one in enumerate(content["datanodes"]):
        places = dict(part.split(".") for part in one["code"].split("_"))
        months = places["sj"]
        expected.append(
            (
                node_no,
                one["data"]["strdata"] if one["data"]["hasdata"] else "",
                places.get("reg", "000000"),
                months if len(months) == 4 else f"{months[:4]}-{months[4:]}",
                f"hgyd/{places['zb']}",
            )
        )
    assert len(expected) > 0
    reading = read_nbs_query(path, NbsQueryLayout(kind="nbs_query", dbcode="hgyd"))
    assert reading.rejects == []
    assert (
        cells(reading, "row_no", "value_text", "ref_area_label", "time_label", "indicator_label") == expected
    )
    units = {one["code"]: one["unit"] for one in content["wdnodes"][0]["nodes"] if one}
    assert cells(reading, "unit_text") == [
        (units.get(label.split("/")[1]) or None,) for *_, label in expected
    ]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("get_reg_cities_0", "file.no_data"),
        ("get_tree_0", "file.other_answer"),
        ("invalid_query_0", "file.error_answer"),
    ],
)
def test_recorded_answers_without_figures_are_refused(shared: Path, name: str, code: str) -> None:
    path = shared / "corpus" / "nbs_easyquery_json" / f"test_{name}.json"
    reading = read_nbs_query(path, NbsQueryLayout(kind="nbs_query", dbcode="csnd"))
    assert [reject.code for reject in reading.rejects] == [code]
    assert reading.cells.is_empty()
