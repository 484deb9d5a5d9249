from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources.declared.source import Declaration, load_declaration
from sources.errors import SourceError, TongjiError

Declare = Callable[..., Declaration]
LABELS = {
    "ref_area": {"column": "A"},
    "time_period": {"row": 1},
    "indicator": {"text": "人口"},
    "unit": {"text": "万人"},
}
UNCITED = {"indicator": "gdp", "year": 2018, "reason": {"en": "census", "zh": "普查"}}
EVENT = UNCITED | {"citation": "c"}


def table(**block: Any) -> dict[str, Any]:
    return {"kind": "table", "blocks": [{"labels": LABELS, "first_row": 2, "first_column": "B"} | block]}


def label(**place: Any) -> dict[str, Any]:
    return table(labels=LABELS | {"unit": place})


def test_minimal_declaration_takes_the_defaults(declare: Declare) -> None:
    declaration = declare()
    assert (declaration.priority, declaration.max_quarantined_pct, declaration.vintage) == (100, 5, None)


@pytest.mark.parametrize(
    ("keys", "code", "field"),
    [
        ({"colour": "red"}, "source.unknown_key", "colour"),
        ({"colour": "red", "size": 1}, "source.unknown_key", "colour, size"),
        ({"title": {"en": "a", "zh": "b", "fr": "c"}}, "source.unknown_key", "title.fr"),
        ({"layout": table(first_rwo=2)}, "source.unknown_key", "layout.blocks[0].first_rwo"),
        ({"licence": None}, "source.missing_key", "licence"),
        ({"title": {"en": "a"}}, "source.missing_key", "title.zh"),
        ({"priority": "first"}, "source.wrong_value", "priority ("),
        ({"max_quarantined_pct": 101}, "source.wrong_value", "max_quarantined_pct ("),
        ({"authority": "blog"}, "source.wrong_value", "authority ("),
        ({"vintage": "soon"}, "source.wrong_value", "vintage ("),
        ({"events": [EVENT | {"citation": None}]}, "source.wrong_value", "events[0].citation ("),
        ({"events": [EVENT | {"citation": ""}]}, "source.wrong_value", "events[0].citation ("),
        ({"events": [UNCITED]}, "source.missing_key", "events[0].citation"),
        ({"events": [EVENT | {"reason": {"zh": "普查"}}]}, "source.missing_key", "events[0].reason.en"),
        ({"layout": {"kind": "json"}}, "source.wrong_value", "layout ("),
        ({"layout": table(first_row=0)}, "source.wrong_value", "layout.blocks[0].first_row ("),
        ({"layout": table(first_column="2")}, "source.wrong_value", "layout.blocks[0].first_column ("),
        ({"layout": table(note="(")}, "source.wrong_value", "is no regular expression"),
        ({"layout": table(starts="(表")}, "source.wrong_value", "layout.blocks[0].starts ("),
        ({"layout": label(row=1, column="A")}, "source.wrong_value", "exactly one of"),
        ({"layout": label(carry=True)}, "source.wrong_value", "exactly one of"),
        ({"layout": label(cell="A1", pattern="单位：.+")}, "source.wrong_value", "needs a group"),
    ],
)
def test_a_wrong_key_is_named_with_its_path(
    declare: Declare, keys: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(SourceError) as error:
        declare(**keys)
    assert error.value.code == code
    assert str(error.value.details["field"]).find(field) >= 0
    assert str(error.value.details["file"]).endswith("some_source/source.yml")


def entry(**years: int) -> dict[str, Any]:
    return {"label": "人口", "indicator": "resident_population", "definition": "d", "basis": "b"} | years


@pytest.mark.parametrize(
    ("first", "second"),
    [({}, {}), ({"last_year": 2013}, {"first_year": 2013}), ({"first_year": 2000, "last_year": 2005}, {})],
)
def test_a_label_means_one_thing_in_a_year(
    declare: Declare, first: dict[str, int], second: dict[str, int]
) -> None:
    with pytest.raises(SourceError) as error:
        declare(series=[entry(**first), entry(**second)])
    assert error.value.code == "source.wrong_value"
    assert error.value.details["field"] == "series (two entries for the label “人口” share years)"


def test_a_label_may_change_its_meaning_from_a_year_on(declare: Declare) -> None:
    other = entry() | {"label": "户籍人口"}
    assert len(declare(series=[entry(last_year=2013), entry(first_year=2014), other]).series) == 3


def covered(**years: int) -> dict[str, Any]:
    return {"indicator": "gdp", "area_type": "total", "areas": "provinces"} | years


def unit(text: str, multiplier: float) -> dict[str, Any]:
    return {"text": text, "unit_measure": "PERSONS", "multiplier": multiplier}


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"coverage": [covered(first_year=2020, last_year=2010)]}, "coverage[0] (first_year 2020 is after"),
        ({"series": [entry(first_year=2020, last_year=2010)]}, "series[0] (first_year 2020 is after"),
        (
            {"marks": [{"mark": "*", "obs_status": s, "meaning": s} for s in "EP"]},
            "marks (two entries for “*”",
        ),
        ({"files": [{"name": "a.csv"}, {"name": "a.csv"}]}, "files (two entries for “a.csv”"),
        ({"units": [unit("万Ｋg", 1), unit(" 万 Kg", 10)]}, "units (two entries for “万KG”"),
        ({"units": [unit("万人", float("inf"))]}, "units[0].multiplier ("),
        ({"units": [unit("万人", float("nan"))]}, "units[0].multiplier ("),
        ({"units": [unit("万人", 1e13)]}, "units[0].multiplier ("),
        ({"units": [unit("万人", 1e-13)]}, "units[0].multiplier ("),
    ],
)
def test_a_slip_that_would_go_unseen_is_refused(declare: Declare, keys: dict[str, Any], field: str) -> None:
    with pytest.raises(SourceError) as error:
        declare(**keys)
    assert error.value.code == "source.wrong_value"
    assert str(error.value.details["field"]).startswith(field)


def test_a_folder_without_declaration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"source\.missing_file"):
        load_declaration(tmp_path)


@pytest.mark.parametrize("content", [b"title: [", b"\xff\xfe"])
def test_what_is_no_yaml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "source.yml").write_bytes(content)
    with pytest.raises(SourceError, match=r"source\.not_yaml"):
        load_declaration(tmp_path)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("2024-09-31", "day is out of range"),
        ("!!int 'abc'", "invalid literal"),
        ("!!timestamp 'soon'", "line 2"),
        ("!!bool 'perhaps'", "perhaps"),
        ("[" * 3000, "nested too deeply"),
    ],
)
def test_a_value_that_yaml_cannot_make_is_told_with_its_place(
    tmp_path: Path, value: str, problem: str
) -> None:
    (tmp_path / "source.yml").write_text(f"source: some_source\nvintage: {value}\n", encoding="utf-8")
    with pytest.raises(SourceError) as error:
        load_declaration(tmp_path)
    assert error.value.code == "source.not_yaml"
    assert error.value.details["file"] == tmp_path / "source.yml"
    assert problem in str(error.value.details["problem"])


@pytest.mark.parametrize("content", ["", "- a list", "text"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "source.yml").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"source\.wrong_value.*whole file"):
        load_declaration(tmp_path)


def test_the_folder_bears_the_name_of_the_source(declare: Declare) -> None:
    with pytest.raises(SourceError) as error:
        declare(source="other_source")
    assert error.value.code == "source.wrong_name"
    assert error.value.details["folder"] == "some_source"


def test_an_error_spells_out_its_code_and_details() -> None:
    error = SourceError("source.name_clash", name="a")
    assert isinstance(error, TongjiError)
    assert str(error) == "source.name_clash: name=a"
    assert str(SourceError("source.some")) == "source.some"
