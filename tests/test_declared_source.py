"""A bureau's own table, with all that yearbooks do to figures, becomes observations by its `source.yml` alone."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.conftest import Released
from warehouse.home import Home

SOURCE: dict[str, Any] = {
    "source": "county_yearbook",
    "title": {"en": "A yearbook page", "zh": "年鉴一页"},
    "producer": "a bureau",
    "citation": "a yearbook",
    "licence": "none stated",
    "frequency": "A",
    "authority": "yearbook",
    "vintage": {"file_name": r"(\d{4}-\d{2})"},
    "layout": {
        "kind": "table",
        "blocks": [
            {
                "labels": {
                    "ref_area": {"column": "A"},
                    "time_period": {"row": 3, "carry": True},
                    "indicator": {"row": 4},
                    "unit": {"row": 5},
                },
                "first_row": 6,
                "first_column": "B",
            }
        ],
    },
    "series": [
        {"label": "年末常住人口", "indicator": "resident_population", "area_type": "total"},
        {"label": "耕地面积", "indicator": "arable_land"},
        {"label": "宽带用户", "indicator": "broadband_users"},
    ],
    "indicators": [
        {
            "indicator": "arable_land", "name": {"en": "Arable land", "zh": "耕地面积"}, "unit_measure": "HECTARES",
            "display_unit": "公顷", "definition": "year end", "basis": "land_survey",
        },
        {
            "indicator": "broadband_users", "name": {"en": "Broadband users", "zh": "宽带用户"},
            "unit_measure": "HOUSEHOLDS", "display_unit": "万户", "definition": "year end", "basis": "operators",
        },
    ],
    "units": [
        {"text": "千公顷", "unit_measure": "HECTARES", "multiplier": 1000},
        {"text": "万户", "unit_measure": "HOUSEHOLDS", "multiplier": 10000},
    ],
    "marks": [{"mark": "②", "obs_status": "E", "meaning": "估计数"}],
    "breaks": [{"indicator": "arable_land", "year": 2020, "reason": "第三次全国国土调查"}],
    "coverage": [
        {"indicator": "arable_land", "area_type": "total", "areas": ["330421", "330424"], "first_year": 2019,
         "last_year": 2021},
        {"indicator": "broadband_users", "area_type": "total", "areas": {"children_of": "330400"},
         "first_year": 2020, "last_year": 2020},
    ],
}  # fmt: skip
PAGE: list[list[Any]] = [
    ["2-1 分县主要指标①"],
    [],
    ["地区", "2019年", None, None, "２０２０年", None, None],
    [None, "年末常住人口①", "耕地面积", "宽带用户", "年末常住人口①", "耕地面积", "宽带用户"],
    [None, "（万人）", "单位：千公顷", "万户", "（万人）", "单位：千公顷", "万户"],
    ["嘉善县", "1,234", "2.5", "…", "５７.５②", 2.25, "10 [1]"],
    ["海盐县*", 45.9, "-", 12, "46.1", 3, "-"],
    ["注：①按常住口径。"],
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Released:
    home = Home(tmp_path_factory.mktemp("declared") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    folder = home.sources / "county_yearbook"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(yaml.safe_dump(SOURCE, allow_unicode=True), encoding="utf-8")
    _write(home.inbox / "county_yearbook" / "县2021-05.xlsx", PAGE)
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def _write(path: Path, rows: list[list[Any]]) -> None:
    path.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


def test_printed_figures_become_numbers_in_one_unit(made: Released) -> None:
    found = made.rows(
        "select ref_area, ref_year, indicator, obs_value, unit_measure, obs_status"
        " from marts.fct_observation order by all"
    )
    assert found == [
        ("330421", 2019, "arable_land", 2500, "HECTARES", "A"),
        ("330421", 2019, "resident_population", 12_340_000, "PERSONS", "A"),
        ("330421", 2020, "arable_land", 2250, "HECTARES", "A"),
        ("330421", 2020, "broadband_users", 100_000, "HOUSEHOLDS", "A"),
        ("330421", 2020, "resident_population", 575_000, "PERSONS", "E"),
        ("330424", 2019, "broadband_users", 120_000, "HOUSEHOLDS", "A"),
        ("330424", 2019, "resident_population", 459_000, "PERSONS", "A"),
        ("330424", 2020, "arable_land", 3000, "HECTARES", "A"),
        ("330424", 2020, "resident_population", 461_000, "PERSONS", "A"),
    ]
    assert made.rows("select count(*) from marts.mart_reject") == [(0,)]


def test_the_text_is_kept_as_it_was_printed(made: Released) -> None:
    found = made.rows(
        "select cell, raw_text, unit_text from marts.mart_provenance where cell in ('E6', 'G6') order by 1"
    )
    assert found == [("E6", "５７.５②", "（万人）"), ("G6", "10 [1]", "万户")]


def test_the_month_in_the_file_name_is_the_vintage(made: Released) -> None:
    assert made.rows("select distinct vintage::varchar from marts.fct_observation") == [("2021-05-31",)]


def test_nothing_is_compared_across_a_declared_break(made: Released) -> None:
    found = made.rows(
        "select ref_area, indicator, break_year, comparable_with_previous from marts.fct_observation"
        " where ref_year = 2020 order by all"
    )
    assert found == [
        ("330421", "arable_land", 2020, False),
        ("330421", "broadband_users", None, None),
        ("330421", "resident_population", None, True),
        ("330424", "arable_land", 2020, None),
        ("330424", "resident_population", None, True),
    ]


def test_breaks_and_marks_are_published_with_their_reasons(made: Released) -> None:
    assert made.rows("from marts.dim_series_break") == [
        ("county_yearbook", "arable_land", None, None, 2020, "第三次全国国土调查")
    ]
    assert made.rows("from marts.dim_mark") == [("county_yearbook", "②", "E", "估计数")]


def test_what_the_source_must_hold_and_does_not_is_listed(made: Released) -> None:
    assert made.rows(
        "select ref_area, ref_year from marts.mart_coverage where state = 'missing' and "
        "indicator = 'arable_land' order by all"
    ) == [("330421", 2021), ("330424", 2019), ("330424", 2021)]
    assert made.rows(
        "select state, count(*) from marts.mart_coverage where indicator = 'broadband_users'"
        " group by all order by all"
    ) == [("missing", 6), ("published", 1)]


def test_what_the_source_adds_stands_in_the_registers(made: Released) -> None:
    assert made.rows(
        "select name_zh, unit_measure, kind from marts.dim_indicator where indicator = 'arable_land'"
    ) == [("耕地面积", "HECTARES", "base")]
