"""A target that cannot be measured is refused before anything is loaded, with its row and what to do."""

import pytest

from orchestration.messages import sentence
from tests.conftest import Released
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.policy.document import check_documents
from warehouse.policy.names import Names
from warehouse.policy.supplement import columns
from warehouse.policy.target import Meaning, Registered, check_targets
from warehouse.policy.wording import filled, in_our_words, plain_unit

AREAS = Names.of(
    {"330400": "浙江省嘉兴市", "320106": "南京市鼓楼区", "410204": "开封市鼓楼区"},
    [("嘉兴市", "330400"), ("鼓楼区", "320106"), ("鼓楼区", "410204")],
)
MEANINGS = {
    "gdp": Meaning("CNY", "亿元", 1, 1e6, 1e15),
    "resident_urbanization_rate": Meaning("PCT", "%", 1, 0, 100),
    "income_ratio": Meaning("RATIO", "倍", -1, 0.8),
    "resident_population": Meaning("PERSONS"),
    "own_figure": Meaning("?"),
}
KNOWN = Registered(
    indicators=Names.of(dict.fromkeys(MEANINGS, ""), []),
    meanings=MEANINGS,
    units={
        "亿元": {"CNY": 1e8},
        "CNY": {"CNY": 1},
        "万元": {"CNY": 1e4},
        "萬元": {"CNY": 1e4},
        "%": {"PCT": 1},
        "万人": {"PERSONS": 1e4},
        "倍": {"RATIO": 1},
    },
    areas=AREAS,
    base_years={"000": "2020", "undated": ""},
)
GOOD = dict.fromkeys(columns("target"), "") | {
    "target_id": "t1", "ref_area": "330400", "indicator": "gdp", "area_type": "total", "comparator": ">=",
    "value": "9000", "unit": "亿元", "kind": "target", "commitment": "stated", "base_year": "2020",
    "target_year": "2025",
}  # fmt: skip
RATIO = {"indicator": "income_ratio", "comparator": "<=", "value": "1.7", "unit": "倍"}
SHARE = {"indicator": "resident_urbanization_rate", "value": "75", "unit": "%"}
NARROWER = {"kind": "directional_target", "comparator": "up", "value": "", "unit": ""}


def problems(*rows: dict[str, str], taken: frozenset[str] = frozenset()) -> list[tuple[str, object]]:
    """The codes of what is wrong, each with its row."""
    try:
        check_targets("target.csv", dict(enumerate(rows, start=2)), KNOWN, taken)
    except WarehouseError as refused:
        found = refused.details["problems"]
        assert isinstance(found, tuple)
        return [(one.code, one.details["row"]) for one in found]
    return []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"unit": "cny", "value": "9e11"},
        {"comparator": "about", "value": "1.8e3"},
        {"kind": "annual_growth_target", "value": "8", "unit": "%"},
        {**NARROWER, "target_year": ""},
        {"kind": "context", "value": "", "unit": "", "comparator": "", "base_year": "", "target_year": ""},
        RATIO,
        SHARE,
        {"indicator": "resident_population", "comparator": "<=", "value": "600", "unit": "万人"},
        {**RATIO, "comparator": ">=", "note": "a floor: below it the survey is doubted"},
        {**RATIO, "comparator": "about"},
        {"base_year": "", "document": "000"},
        {"base_year": "", "period_start": "2021"},
        {"target_year": "", "note": "the plan names no year"},
        {"kind": "annual_target", "base_year": "", "target_year": ""},
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
        ({"indicator": "gpd"}, "target.near_indicator"),
        ({"ref_area": "33O400"}, "target.near_area"),
        ({"unit": "亿圆"}, "target.unknown_unit"),
        ({"unit": "万人"}, "target.wrong_unit"),
        ({"kind": "annual_growth_target"}, "target.growth_unit"),
        ({"kind": "annual_growth_target", "unit": "%", "base_value": "6000"}, "target.base_of_growth"),
        ({"value": "九千"}, "target.not_a_number"),
        ({"value": ""}, "target.no_value"),
        ({"value": "inf"}, "target.not_a_number"),
        ({"value": "１.７"}, "target.not_a_number"),
        ({"target_year": "２０２５"}, "target.not_a_year"),
        ({"document": "zz"}, "target.unknown_document"),
        ({"target_year": "2019"}, "target.before_its_base"),
        ({"target_year": "2020"}, "target.before_its_base"),
        ({"kind": "cumulative_target", "period_start": "2020"}, "target.base_in_period"),
        ({"kind": "context", "comparator": "more"}, "target.unknown_word"),
        ({"period_start": "2026"}, "target.before_its_base"),
        ({"target_year": "2025年"}, "target.not_a_year"),
        ({"base_year": "20"}, "target.not_a_year"),
        ({"comparator": "=>"}, "target.unknown_word"),
        ({"kind": "goal"}, "target.unknown_word"),
        ({"area_type": "city"}, "target.unknown_word"),
        ({"commitment": ""}, "target.unknown_word"),
        ({"target_id": ""}, "target.no_id"),
        ({"ref_area": "鼓楼区"}, "target.several_areas"),
        ({"ref_area": "嘉兴"}, "target.near_area"),
        ({"ref_area": "纽约"}, "target.unknown_area"),
        ({"indicator": "产值"}, "target.unknown_indicator"),
        ({"unit": ""}, "target.no_unit"),
        ({**RATIO, "comparator": ">="}, "target.against_less"),
        ({**SHARE, "comparator": "<"}, "target.against_more"),
        ({**NARROWER, "comparator": "down"}, "target.against_more"),
        ({**NARROWER, "comparator": ">="}, "target.unknown_word"),
        ({**NARROWER, "value": "9000", "unit": "亿元"}, "target.figure_of_a_way"),
        ({"comparator": "up"}, "target.way_of_a_figure"),
        ({**SHARE, "value": "750"}, "target.out_of_bounds"),
        ({"value": "9000", "unit": "CNY"}, "target.out_of_bounds"),
        ({**RATIO, "base_value": "0.5"}, "target.out_of_bounds"),
        ({"base_year": ""}, "target.no_base"),
        ({"base_year": "", "document": "undated"}, "target.no_base"),
        ({"base_year": "", "document": "000", "target_year": "2020"}, "target.before_its_base"),
        ({"target_year": ""}, "target.no_year"),
    ],
)
def test_a_target_that_cannot_be_measured_is_refused(changes: dict[str, str], code: str) -> None:
    assert problems({**GOOD, **changes}) == [(code, "2")]


def test_an_id_is_taken_once() -> None:
    assert problems(GOOD, GOOD) == [("target.id_taken", "3")]
    assert problems(GOOD, taken=frozenset({"t1"})) == [("target.id_taken", "2")]


def test_one_mistake_in_many_rows_is_told_once() -> None:
    rows = [GOOD | {"target_id": str(number), "indicator": "gpd"} for number in range(2, 20)]
    assert problems(*rows[:3]) == [("target.near_indicator", "2, 3, 4")]
    assert problems(*rows) == [("target.near_indicator", "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": "万人"}, "write one of 亿元, 万元, or"),
        ({"unit": ""}, "with one of 亿元, 万元."),
        ({"unit": "亿圆"}, "write one of 亿元, 万元, or"),
        (
            {**SHARE, "value": "750"},
            "value 750 % cannot be, since resident_urbanization_rate lies within 0 – 100 %:",
        ),
        ({"value": "0.001"}, "lies within 0.01 – 10,000,000 亿元:"),
        ({"indicator": "gpd"}, "near it are gdp: write"),
        ({"ref_area": "嘉兴"}, "near it are 330400 (浙江省嘉兴市): write"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(
    changes: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGJI_LANG", "en")
    with pytest.raises(WarehouseError) as refused:
        check_targets("target.csv", {2: {**GOOD, **changes}}, KNOWN, frozenset())
    assert told in sentence(refused.value)


def test_what_a_column_leaves_out_has_a_meaning() -> None:
    empty = dict.fromkeys(columns("target"), "")
    said = {name: word for name, word in filled(empty, 0).items() if word}
    assert said == {"area_type": "total", "kind": "target", "commitment": "stated"}
    spelt = filled(empty | {"comparator": "以内", "area_type": "农村", "commitment": "力争"}, 0)
    assert (spelt["comparator"], spelt["area_type"], spelt["commitment"]) == ("<=", "rural", "aspirational")


@pytest.mark.parametrize(("direction", "comparator"), [(1, ">="), (0, ">="), (-1, "<=")])
def test_to_reach_is_at_least_in_the_way_that_is_wanted(direction: int, comparator: str) -> None:
    row = dict.fromkeys(columns("target"), "") | {"comparator": "达到"}
    assert filled(row, direction)["comparator"] == comparator


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document": "000"}, "target.id_taken"),
        ({"document": ""}, "target.no_id"),
        ({"ref_area": "鼓楼区"}, "target.several_areas"),
        ({"base_year": "20"}, "target.not_a_year"),
        ({"plan_start": "2021年"}, "target.not_a_year"),
        ({"published_on": "2021.9.9"}, "target.not_a_day"),
        ({"published_on": "2025-02-31"}, "target.not_a_day"),
    ],
)
def test_a_document_is_held_to_its_form(changes: dict[str, str], code: str) -> None:
    row = dict.fromkeys(columns("document"), "") | {"document": "d", "published_on": "2021-09-09"}
    check_documents("document.csv", {2: row}, AREAS, frozenset({"000"}))
    with pytest.raises(WarehouseError) as refused:
        check_documents("document.csv", {2: {**row, **changes}}, AREAS, frozenset({"000"}))
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
        "Row 2: no indicator “urban_rural_income_ratoi” is registered; near it are urban_rural_income_ratio"
        in said
    )
    assert "Row 3: “万人” (PERSONS) cannot be converted to CNY, the unit of gdp" in said
    assert "Row 4: the target year 2020 does not come after its base_year 2025" in said
    assert not home.database.exists()
    assert "第 3 行" in Released(home).tongji("refresh", TONGJI_LANG="zh").stderr


@pytest.mark.parametrize("unit", ["亿元", "亿 元", "（亿元）", "单位：亿元"])
def test_a_unit_is_compared_as_that_of_a_figure(unit: str) -> None:
    assert plain_unit(unit) == "亿元"


def test_the_printed_words_of_an_area_type_are_read_where_they_stand() -> None:
    row = in_our_words({"area_type": "城镇", "weight": "城镇"}, {"area_type": "area_type"})
    assert row == {"area_type": "urban", "weight": "城镇"}
