"""A target that cannot be measured is refused before anything is loaded, with its row and what to do."""

import pytest

from tests.conftest import Released
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.supplement import columns
from warehouse.target import Registered, check_documents, check_targets

KNOWN = Registered(
    indicators={"gdp": "CNY", "resident_urbanization_rate": "PCT", "own_figure": "?"},
    units={"亿元": "CNY", "CNY": "CNY", "%": "PCT", "万人": "PERSONS"},
    areas=frozenset({"330400"}),
    documents=frozenset({"000"}),
)
GOOD = dict.fromkeys(columns("target"), "") | {
    "target_id": "t1", "ref_area": "330400", "indicator": "gdp", "area_type": "total", "comparator": ">=",
    "value": "9000", "unit": "亿元", "kind": "target", "commitment": "stated", "base_year": "2020",
    "target_year": "2025",
}  # fmt: skip


def problems(*rows: dict[str, str], taken: frozenset[str] = frozenset()) -> list[tuple[str, object]]:
    """The codes of what is wrong, each with its row."""
    try:
        check_targets("target.csv", list(rows), KNOWN, taken)
    except WarehouseError as refused:
        found = refused.details["problems"]
        assert isinstance(found, tuple)
        return [(one.code, one.details["row"]) for one in found]
    return []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"unit": "cny"},
        {"comparator": "about", "value": "1.8e3"},
        {"kind": "annual_growth_target", "value": "8", "unit": "%"},
        {"kind": "directional_target", "comparator": "down", "value": "", "unit": "", "target_year": ""},
        {"kind": "context", "comparator": "", "base_year": "", "target_year": ""},
        {"indicator": "own_figure"},
        {"period_start": "2025"},
        {"base_value": "6000.5"},
    ],
)
def test_a_target_that_can_be_measured_is_taken(changes: dict[str, str]) -> None:
    assert problems({**GOOD, **changes}) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"indicator": "gpd"}, "target.unknown_indicator"),
        ({"ref_area": "33O400"}, "target.unknown_area"),
        ({"unit": "亿圆"}, "target.unknown_unit"),
        ({"unit": "万人"}, "target.wrong_unit"),
        ({"kind": "annual_growth_target"}, "target.wrong_unit"),
        ({"value": "九千"}, "target.not_a_number"),
        ({"value": ""}, "target.not_a_number"),
        ({"value": "inf"}, "target.not_a_number"),
        ({"value": "１.７"}, "target.not_a_number"),
        ({"target_year": "２０２５"}, "target.not_a_year"),
        ({"document": "zz"}, "target.unknown_document"),
        ({"target_year": "2019"}, "target.before_its_base"),
        ({"target_year": "2020"}, "target.before_its_base"),
        ({"period_start": "2026"}, "target.before_its_base"),
        ({"target_year": "2025年"}, "target.not_a_year"),
        ({"base_year": "20"}, "target.not_a_year"),
        ({"comparator": "=>"}, "target.unknown_word"),
        ({"kind": "goal"}, "target.unknown_word"),
        ({"area_type": "city"}, "target.unknown_word"),
        ({"commitment": ""}, "target.unknown_word"),
        ({"target_id": ""}, "target.no_new_id"),
    ],
)
def test_a_target_that_cannot_be_measured_is_refused(changes: dict[str, str], code: str) -> None:
    assert problems({**GOOD, **changes}) == [(code, 2)]


def test_an_id_is_taken_once() -> None:
    assert problems(GOOD, GOOD) == [("target.no_new_id", 3)]
    assert problems(GOOD, taken=frozenset({"t1"})) == [("target.no_new_id", 2)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document": "000"}, "target.no_new_id"),
        ({"document": ""}, "target.no_new_id"),
        ({"plan_start": "2021年"}, "target.not_a_year"),
        ({"published_on": "2021.9.9"}, "target.not_a_day"),
    ],
)
def test_a_document_is_held_to_its_form(changes: dict[str, str], code: str) -> None:
    row = dict.fromkeys(columns("document"), "") | {"document": "d", "published_on": "2021-09-09"}
    check_documents("document.csv", [row], frozenset({"000"}))
    with pytest.raises(WarehouseError) as refused:
        check_documents("document.csv", [{**row, **changes}], frozenset({"000"}))
    assert [one.code for one in refused.value.details["problems"]] == [code]  # type: ignore[attr-defined]


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_loaded(home: Home) -> None:
    home.ensure()
    rows = [
        "target_id,ref_area,indicator,area_type,comparator,value,unit,kind,commitment,base_year,target_year",
        "a,330400,urban_rural_income_ratoi,total,<=,1.5,倍,target,stated,2020,2025",
        "b,330400,gdp,total,>=,9000,万人,target,stated,2020,2025",
        "c,330400,gdp,total,>=,9000,亿元,target,stated,2025,2020",
    ]
    (home.registers / "target.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = Released(home).tongji("refresh")
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert "registers/target.csv was refused and nothing was loaded." in said
    assert (
        "Row 2: no indicator urban_rural_income_ratoi is registered: write one of urban_rural_income_ratio"
        in said
    )
    assert "Row 3: “万人” (PERSONS) cannot be converted to CNY, the unit of gdp" in said
    assert "Row 4: the target year 2020 does not come after its base_year 2025" in said
    assert not home.database.exists()
    assert "第 3 行" in Released(home).tongji("refresh", TONGJI_LANG="zh").stderr
