"""Areas that changed: their figures as they were and on today's map, through a whole refresh."""

from typing import Any

import pytest

from tests.conftest import Released
from warehouse.home import Home

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE\n"
ROWS = """\
章丘县,1990,resident_population,total,90,万人
章丘县,1991,resident_population,total,91,万人
370181,1992,resident_population,total,92,万人
章丘市,2015,resident_population,total,102,万人
章丘,2016,resident_population,total,103,万人
370114,2017,resident_population,total,104,万人
建德县,1991,resident_population,total,48,万人
建德市,1992,resident_population,total,49,万人
330182,1993,resident_population,total,49.5,万人
济南市,2016,gdp,total,6536,亿元
濟南市,2017,gdp,total,7202,亿元
济南,2018,gdp,total,8862,亿元
济南市,2019,gdp,total,9443,亿元
371200,2016,gdp,total,702,亿元
莱芜市,2017,gdp,total,766,亿元
济南市,2016,resident_population,total,723,万人
370100,2017,resident_population,total,732,万人
370100,2018,resident_population,total,746,万人
370100,2019,resident_population,total,890,万人
371200,2017,resident_population,total,137,万人
371200,2018,resident_population,total,138,万人
济南市,2017,disposable_income_per_capita,urban,46642,元
济南市,2018,disposable_income_per_capita,urban,50146,元
莱芜市,2017,disposable_income_per_capita,urban,36000,元
莱城区,2017,resident_population,total,98,万人
莱芜区,2018,resident_population,total,98.5,万人
郊区,1998,resident_population,total,40,万人
浙江省嘉兴市郊区,1998,resident_population,total,40,万人
秀洲区,1999,resident_population,total,41,万人
正定县,2000,resident_population,total,44,万人
正定县,2001,resident_population,total,43,万人
杭洲市,2020,resident_population,total,1193,万人
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The figures above, refreshed once, without the bundled ones."""
    made = Released(Home(tmp_path_factory.mktemp("areas") / "home"))
    made.home.ensure()
    made.home.config.write_text("bundled: false\n", encoding="utf-8")
    folder = made.home.inbox / "submission"
    folder.mkdir()
    (folder / "areas.csv").write_text(HEADER + ROWS, encoding="utf-8")
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def as_it_was(home: Released, ref_area: str, indicator: str) -> list[tuple[Any, ...]]:
    return home.rows(
        "select ref_year, ref_area_name, obs_value, comparable_with_previous from marts.fct_observation"
        f" where ref_area = '{ref_area}' and indicator = '{indicator}' order by ref_year"
    )


def today(home: Released, ref_area: str, indicator: str) -> list[tuple[Any, ...]]:
    return home.rows(
        "select ref_year, obs_value, origin, as_was, comparable_with_previous from marts.mart_observation_today"
        f" where ref_area = '{ref_area}' and indicator = '{indicator}' order by ref_year"
    )


def test_a_county_that_became_a_city_and_a_district_is_one_series_today(home: Released) -> None:
    assert as_it_was(home, "370122", "resident_population") == [
        (1990, "章丘县", 900_000, None), (1991, "章丘县", 910_000, True),
    ]  # fmt: skip
    assert today(home, "370114", "resident_population") == [
        (1990, 900_000, "recoded", "370122", None),
        (1991, 910_000, "recoded", "370122", True),
        (1992, 920_000, "recoded", "370181", True),
        (2015, 1_020_000, "recoded", "370181", None),
        (2016, 1_030_000, "as_was", "370114", True),
        (2017, 1_040_000, "as_was", "370114", True),
    ]
    assert [row[:2] for row in today(home, "330182", "resident_population")] == [
        (1991, 480_000), (1992, 490_000), (1993, 495_000),
    ]  # fmt: skip


def test_a_merger_breaks_the_series_as_it_was_and_is_summed_today(home: Released) -> None:
    assert as_it_was(home, "370100", "gdp") == [
        (2016, "济南市", 6536e8, None),
        (2017, "济南市", 7202e8, True),
        (2018, "济南市", 8862e8, False),
        (2019, "济南市", 9443e8, True),
    ]
    assert today(home, "370100", "gdp") == [
        (2016, 7238e8, "merged", "370100 371200", None),
        (2017, 7968e8, "merged", "370100 371200", True),
        (2018, 8862e8, "as_was", "370100", True),
        (2019, 9443e8, "as_was", "370100", True),
    ]


def test_an_area_that_still_reported_in_the_year_of_its_end_counts_for_that_year(home: Released) -> None:
    assert [row[::3] for row in as_it_was(home, "370100", "resident_population")] == [
        (2016, None), (2017, True), (2018, True), (2019, False),
    ]  # fmt: skip
    # In 2016 one of the two is missing, and half a sum is none.
    assert today(home, "370100", "resident_population") == [
        (2017, 8_690_000, "merged", "370100 371200", None),
        (2018, 8_840_000, "merged", "370100 371200", True),
        (2019, 8_900_000, "as_was", "370100", True),
    ]


def test_a_mean_is_not_summed(home: Released) -> None:
    assert today(home, "370100", "disposable_income_per_capita") == [(2018, 50146, "as_was", "370100", None)]


def test_the_districts_of_laiwu_go_on_under_new_codes(home: Released) -> None:
    assert today(home, "370116", "resident_population") == [
        (2017, 980_000, "recoded", "371202", None),
        (2018, 985_000, "as_was", "370116", True),
    ]


def test_a_new_name_is_no_break(home: Released) -> None:
    assert as_it_was(home, "330411", "resident_population") == [
        (1998, "郊区", 400_000, None), (1999, "秀洲区", 410_000, True),
    ]  # fmt: skip


def test_a_part_given_away_is_a_break_on_either_map(home: Released) -> None:
    assert as_it_was(home, "130123", "resident_population")[1][3] is False
    assert today(home, "130123", "resident_population") == [
        (2000, 440_000, "as_was", "130123", None),
        (2001, 430_000, "as_was", "130123", False),
    ]


def test_a_jump_at_a_change_of_boundaries_is_named_and_no_outlier(home: Released) -> None:
    flags = home.rows("select rule, ref_area, ref_year, indicator from marts.mart_quality_flag order by all")
    assert flags == [
        ("area_years_off_none", "371200", 2018, "resident_population"),
        ("boundary_changes_none", "130123", 2001, "resident_population"),
        ("boundary_changes_none", "370100", 2018, "disposable_income_per_capita"),
        ("boundary_changes_none", "370100", 2018, "gdp"),
        ("boundary_changes_none", "370100", 2019, "resident_population"),
    ]
    (said,) = home.rows(
        "select message_zh from marts.mart_quality_flag where ref_area = '370100' and indicator = 'gdp'"
    )
    assert "371200 莱芜市 → 370100 济南市" in said[0]


def test_what_is_rejected_says_what_could_be_meant(home: Released) -> None:
    rejected = dict(home.rows("select reason, raw_text from marts.mart_reject"))
    assert rejected["cell.unknown_area"] == "杭洲市 → 杭州市 (330100), 株洲市 (430200)?"
    assert rejected["cell.ambiguous_area"].startswith(
        "郊区 → 130106 (河北省石家庄市), 140311 (山西省阳泉市), "
    )
    assert rejected.keys() == {"cell.unknown_area", "cell.ambiguous_area"}


def test_the_changes_are_public(home: Released) -> None:
    changes = home.rows(
        'select "from", "to", year, kind, weight, is_whole from marts.dim_ref_area_change'
        " where \"from\" in ('370122', '370181', '371200', '370981', '130123', '330411') order by year, \"to\""
    )
    assert changes == [
        ("370122", "370181", 1992, "recode", 1, True),
        ("370981", "371202", 1992, "split", None, False),
        ("370981", "371203", 1992, "split", None, False),
        ("330411", "330411", 1999, "rename", 1, True),
        ("130123", "130102", 2001, "split", None, False),
        ("130123", "130108", 2001, "split", None, False),
        ("370181", "370114", 2016, "recode", 1, True),
        ("371200", "370100", 2018, "merge", 1, True),
    ]
    became = home.rows(
        "select ref_area_today, weight, is_whole from marts.dim_ref_area_today where ref_area = '370981' order by 1"
    )
    assert became == [("370116", None, False), ("370117", None, False)]
    assert (
        home.rows(
            'select count(*) from marts.dim_ref_area_change group by "from", "to", year having count(*) > 1'
        )
        == []
    )
