"""The names that a declaration uses, held against the registers before anything is loaded."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.declared.source import Declaration, load_declaration
from sources.errors import SourceError
from warehouse import register
from warehouse.register import check_names

NAME = {"en": "a", "zh": "甲"}
ZONE = {"ref_area": "330499-Z1", "name": NAME}


def declared(tmp_path: Path, **keys: Any) -> dict[str, Declaration]:
    content = {
        "source": "county", "title": NAME, "producer": "p", "citation": "c", "licence": "l", "frequency": "A",
        "authority": "report", "layout": {"kind": "tidy"},
    } | keys  # fmt: skip
    folder = tmp_path / "county"
    folder.mkdir(exist_ok=True)
    (folder / "source.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return {"county": load_declaration(folder)}


def broken(*codes: str) -> list[dict[str, Any]]:
    return [{"indicator": "gdp", "year": 2015, "reason": "r", "ref_areas": list(codes)}]


def explained(*codes: str, indicator: str = "gdp") -> list[dict[str, Any]]:
    about = {"indicator": indicator, "year": 2018, "reason": NAME, "citation": "c"}
    return [about | {"ref_areas": list(codes)}]


def covered(areas: Any) -> list[dict[str, Any]]:
    return [{"indicator": "gdp", "area_type": "total", "areas": areas, "first_year": 2019, "last_year": 2020}]


def grouped(*codes: str) -> list[dict[str, Any]]:
    return [{"area_group": "g", "name": NAME, "ref_areas": list(codes), "citation": "c"}]


def changed(**codes: str) -> list[dict[str, Any]]:
    return [
        {"from_area": "330402", "to_area": "330411", "year": 2015, "kind": "merge", "citation": "c"} | codes
    ]


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"breaks": broken("330400", "33040")}, "breaks[0].ref_areas[1]"),
        ({"events": explained("33040")}, "events[0].ref_areas[0]"),
        ({"coverage": covered(["33040"])}, "coverage[0].areas[0]"),
        ({"coverage": covered({"children_of": "33040"})}, "coverage[0].areas.children_of"),
        ({"areas": [ZONE | {"parent": "33040"}]}, "areas[0].parent"),
        ({"area_groups": grouped("33040")}, "area_groups[0].ref_areas[0]"),
        ({"area_changes": changed(from_area="33040")}, "area_changes[0].from_area"),
        ({"area_changes": changed(to_area="33040")}, "area_changes[0].to_area"),
    ],
)
def test_the_code_of_no_area_is_named_with_its_field_and_the_codes_near_it(
    tmp_path: Path, keys: dict[str, Any], field: str
) -> None:
    with pytest.raises(SourceError) as error:
        check_names(declared(tmp_path, **keys))
    assert error.value.code == "source.unknown_area"
    assert (error.value.details["field"], error.value.details["name"]) == (field, "33040")
    assert "330400" in str(error.value.details["known"])


def test_an_event_of_no_indicator_is_refused_with_its_field_and_the_names_near_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        check_names(declared(tmp_path, events=explained(indicator="gpd")))
    assert error.value.code == "source.unknown_name"
    assert (error.value.details["field"], error.value.details["name"]) == ("events[0].indicator", "gpd")
    assert "gdp" in str(error.value.details["known"])


def test_a_code_of_the_list_or_of_an_added_area_is_taken(tmp_path: Path) -> None:
    codes = ("330400", "330499-Z1")
    check_names(
        declared(
            tmp_path,
            areas=[ZONE | {"parent": "330400"}],
            breaks=broken(*codes),
            events=explained(*codes),
            coverage=covered("provinces") + covered(list(codes)),
            area_groups=grouped(*codes),
            area_changes=changed(to_area="330499-Z1"),
        )
    )


def test_the_code_list_is_read_only_where_a_code_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    rows = register.rows_of
    monkeypatch.setattr(register, "rows_of", lambda name: read.append(name) or rows(name))
    check_names(declared(tmp_path, coverage=covered("provinces")))
    assert "ref_area" not in read
    check_names(declared(tmp_path, coverage=covered(["330400"])))
    assert "ref_area" in read


@pytest.mark.parametrize(
    ("units", "is_refused"), [([], True), ([{"text": "盏", "unit_measure": "LAMPS"}], False)]
)
def test_an_indicator_is_in_a_unit_that_figures_can_be_in(
    tmp_path: Path, units: list[Any], is_refused: bool
) -> None:
    lamps = {
        "indicator": "street_lamps", "name": NAME, "unit_measure": "LAMPS", "display_unit": "盏",
        "definition": "d", "basis": "b",
    }  # fmt: skip
    declarations = declared(tmp_path, indicators=[lamps], units=units)
    if not is_refused:
        check_names(declarations)
        return
    with pytest.raises(SourceError) as caught:
        check_names(declarations)
    assert caught.value.code == "source.unknown_unit"
    assert caught.value.details["field"] == "indicators[0].unit_measure"


@pytest.mark.parametrize(
    "parents", [{"330499-Z1": "330499-Z1"}, {"330499-Z1": "330499-Z2", "330499-Z2": "330499-Z1"}]
)
def test_no_area_lies_above_itself(tmp_path: Path, parents: dict[str, str]) -> None:
    areas = [ZONE | {"ref_area": code, "parent": parent} for code, parent in parents.items()]
    with pytest.raises(SourceError) as error:
        check_names(declared(tmp_path, areas=areas))
    assert (error.value.code, error.value.details["field"]) == ("source.area_above_itself", "areas[0].parent")
