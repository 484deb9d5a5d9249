"""A city and its seven counties in one yearbook: what does not fit between them, or between two years, is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.conftest import Released
from warehouse.home import Home

COUNTIES = ("330402", "330411", "330421", "330424", "330481", "330482", "330483")
STEPPING = "330483"
YEARS = range(2013, 2023)
LAND = {"definition": "year end", "standard": "a survey"}
SOURCE: dict[str, Any] = {
    "source": "city_yearbook",
    "title": {"en": "A city's yearbook", "zh": "市年鉴"},
    "producer": "a bureau",
    "citation": "a yearbook",
    "licence": "none stated",
    "frequency": "A",
    "authority": "yearbook",
    "max_quarantined_pct": 100,
    "layout": {"kind": "tidy"},
    "indicators": [
        {
            "indicator": "arable_land", "name": {"en": "Arable land", "zh": "耕地面积"}, "unit_measure": "HECTARES",
            "display_unit": "公顷", "basis": "land_survey", **LAND,
        },
        {
            "indicator": "silk_output", "name": {"en": "Silk output", "zh": "蚕丝产量"}, "unit_measure": "TONNES",
            "display_unit": "吨", "basis": "harvest", **LAND,
        },
    ],
}  # fmt: skip
HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE,VINTAGE"
Figures = dict[tuple[str, int, str], str]


def _true_figures() -> Figures:
    """Counties that grow by about one percent, and the city that they make; nothing is wrong yet."""
    figures: Figures = {}
    for year in YEARS:
        people = urban = 0.0
        for number, county in enumerate(COUNTIES):
            residents = round(
                (40 + 7 * number) * 1.01 ** (year - 2013) + ((year * 7 + number * 3) % 5) / 50, 2
            )
            step = 3.0 if county == STEPPING and year >= 2020 else 0.0
            rate = round(50 + 3 * number + 0.8 * (year - 2013) + ((year * 3 + number) % 4) / 20 + step, 2)
            people, urban = people + residents, urban + residents * rate
            wobble = (year * 5 + number * 7) % 9
            figures |= {
                (county, year, "resident_population"): f"{residents:.2f}",
                (county, year, "registered_population"): f"{residents * 0.9:.2f}",
                (county, year, "resident_urbanization_rate"): f"{rate:.2f}",
                (county, year, "disposable_income_per_capita"): str(
                    round((30_000 + 900 * number) * 1.08 ** (year - 2013)) + wobble
                ),
                (county, year, "arable_land"): str(12_340 + 1_111 * number - 9 * (year - 2013) + wobble),
                (county, year, "silk_output"): str(
                    71_230 + 5_111 * number + 90 * (year - 2013) + 11 * wobble
                ),
            }
        figures |= {
            ("330400", year, "resident_population"): f"{people:.2f}",
            ("330400", year, "resident_urbanization_rate"): f"{urban / people:.2f}",
            ("330400", year, "disposable_income_per_capita"): str(round(32_500 * 1.08 ** (year - 2013))),
        }
    return figures


def _times(figures: Figures, key: tuple[str, int, str], factor: float, places: int = 2) -> None:
    figures[key] = f"{float(figures[key]) * factor:.{places}f}"


def _with_mistakes() -> Figures:
    figures = _true_figures()
    _times(figures, ("330400", 2015, "resident_population"), 1.01)
    _times(figures, ("330421", 2018, "resident_population"), 10)
    _times(figures, ("330402", 2016, "registered_population"), 0.1)
    figures["330400", 2014, "resident_urbanization_rate"] = "59.50"
    figures["330400", 2017, "resident_urbanization_rate"] = "41.20"
    _times(figures, ("330424", 2019, "arable_land"), 15, 0)
    _times(figures, ("330481", 2017, "silk_output"), 2, 0)
    del figures["330411", 2021, "resident_population"]
    for indicator in ("resident_population", "resident_urbanization_rate", "disposable_income_per_capita"):
        figures["330482", 2022, indicator] = figures["330482", 2021, indicator]
    return figures


UNITS = {
    "resident_population": "万人", "registered_population": "万人", "resident_urbanization_rate": "%",
    "disposable_income_per_capita": "元", "arable_land": "公顷", "silk_output": "吨",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Released:
    home = Home(tmp_path_factory.mktemp("hierarchy") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    folder = home.sources / "city_yearbook"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(yaml.safe_dump(SOURCE, allow_unicode=True), encoding="utf-8")
    rows = [
        f"{area},{year},{indicator},total,{text},{UNITS[indicator]},2023-05"
        for (area, year, indicator), text in _with_mistakes().items()
    ]
    rows += [
        "330100,2022,arable_land,total,3,万亩,2023-05",
        "330100,2021,arable_land,total,30001,亩,2023-05",
        "330100,2022,silk_output,total,1.41,亿斤,2023-05",
        "330100,2022,disposable_income_per_capita,total,7.8,万元,2023-05",
        "330100,2021,disposable_income_per_capita,total,7.3万元,元,2023-05",
        "330100,2020,disposable_income_per_capita,total,68000,,2023-05",
    ]
    inbox = home.inbox / "city_yearbook"
    inbox.mkdir(parents=True)
    (inbox / "city.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def flags(made: Released, like: str) -> list[tuple[Any, ...]]:
    return made.rows(
        "select rule, severity, ref_area, ref_year, indicator from marts.mart_quality_flag"
        f" where rule like '{like}' order by all"
    )


def test_a_sum_is_blamed_on_the_county_out_of_its_line_else_on_the_city(made: Released) -> None:
    assert flags(made, "children_difference_pct%") == [
        ("children_difference_pct_possible", "error", "330421", 2018, "resident_population"),
        ("children_difference_pct_small", "warning", "330400", 2015, "resident_population"),
        ("children_difference_pct_small", "warning", "330421", 2018, "resident_population"),
    ]


def test_a_rate_lies_between_those_of_the_counties_and_near_their_mean(made: Released) -> None:
    assert [row for row in flags(made, "children_%") if row[4] == "resident_urbanization_rate"] == [
        ("children_mean_agrees", "warning", "330400", 2014, "resident_urbanization_rate"),
        ("children_mean_agrees", "warning", "330400", 2017, "resident_urbanization_rate"),
        ("children_position_inside", "warning", "330400", 2017, "resident_urbanization_rate"),
    ]


def test_where_a_county_is_missing_nothing_is_summed_and_nothing_passes(made: Released) -> None:
    found = made.rows(
        "select rule, passed, failed, not_evaluable from marts.mart_rule_count where ref_year = 2021"
        " and rule in ('children_difference_pct_small', 'children_mean_agrees', 'children_position_inside')"
        " order by rule"
    )
    assert found == [
        ("children_difference_pct_small", 0, 0, 1),
        ("children_mean_agrees", 0, 0, 1),
        ("children_position_inside", 2, 0, 0),
    ]


def test_residents_and_registered_are_judged_on_the_one_out_of_its_line(made: Released) -> None:
    assert flags(made, "resident_to_registered%") == [
        ("resident_to_registered_usual", "warning", "330402", 2016, "registered_population"),
        ("resident_to_registered_usual", "warning", "330421", 2018, "resident_population"),
    ]


def test_a_row_carried_along_is_an_error_on_each_of_its_figures(made: Released) -> None:
    assert flags(made, "repeated_indicators%") == [
        ("repeated_indicators_few", "error", "330482", 2022, "disposable_income_per_capita"),
        ("repeated_indicators_few", "error", "330482", 2022, "resident_population"),
        ("repeated_indicators_few", "error", "330482", 2022, "resident_urbanization_rate"),
    ]


def test_a_census_year_that_steps_is_told(made: Released) -> None:
    assert flags(made, "census_step%") == [
        ("census_step_small", "warning", STEPPING, 2020, "resident_urbanization_rate")
    ]


def test_mu_for_hectares_and_jin_for_kilograms_are_seen_with_what_was_meant(made: Released) -> None:
    found = made.rows(
        "select ref_area, ref_year, diagnosis, severity, suggested_value from marts.mart_quality_flag"
        " where diagnosis in ('mu_for_hectare', 'jin_for_kilogram') and rule like 'slip%' order by all"
    )
    figures = _true_figures()
    assert found == [
        ("330424", 2019, "mu_for_hectare", "error", float(figures["330424", 2019, "arable_land"])),
        ("330481", 2017, "jin_for_kilogram", "warning", float(figures["330481", 2017, "silk_output"])),
    ]


def test_mu_jin_and_ten_thousands_are_converted_to_the_last_digit(made: Released) -> None:
    found = made.rows(
        "select ref_year, indicator, obs_value from marts.fct_observation where ref_area = '330100' order by all"
    )
    assert found == [
        (2021, "arable_land", 2000.06666666667),
        (2022, "arable_land", 2000.0),
        (2022, "disposable_income_per_capita", 78000.0),
        (2022, "silk_output", 70500.0),
    ]


def test_a_unit_that_is_missing_or_hidden_in_the_number_is_not_guessed(made: Released) -> None:
    assert made.rows("select reason, raw_text from marts.mart_reject order by all") == [
        ("cell.missing_unit", "disposable_income_per_capita"),
        ("cell.not_a_number", "7.3万元"),
    ]


@pytest.fixture(scope="module")
def build(released: Released) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(_database(released.home), read_only=True) as connection:
        yield connection


def _database(home: Home) -> Path:
    (database,) = (home.root / "build").glob("*.duckdb")
    return database


def test_no_growth_of_the_bundled_incomes_crosses_the_change_of_basis(
    build: duckdb.DuckDBPyConnection,
) -> None:
    found = build.execute(
        "select ref_year, count(*), count(growth_pct), count(previous_value) from"
        " intermediate.int_observation_evidence where source = 'province_panel' and quantity = 'money'"
        " and ref_year between 2013 and 2015 group by all order by all"
    ).fetchall()
    assert found == [(2013, 62, 62, 62), (2014, 62, 0, 0), (2015, 62, 62, 62)]


def test_of_the_bundled_figures_few_are_asked_about(build: duckdb.DuckDBPyConnection) -> None:
    """Census years apart, only the planted-like error of Jilin and one small income return to their line."""
    rules = "'census_step_small', 'tooth_log10_small', 'repeated_indicators_few', 'part_ratio_at_most_whole'"
    found = build.execute(
        f"select rule, severity, count(*) from quality.verdict where outcome = 'fail' and rule in ({rules})"
        " group by all order by all"
    ).fetchall()
    assert found == [("census_step_small", "information", 8), ("tooth_log10_small", "warning", 2)]
