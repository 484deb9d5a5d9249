"""A wrong figure is corrected by the reporter: the right one comes into force, the wrong one stays out."""

from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Released
from warehouse.home import BUNDLED_SOURCES, Home

JILIN = "ref_area = '220000' and ref_year = 2017 and area_type = 'rural' and indicator = 'disposable_income_per_capita'"
PANEL = BUNDLED_SOURCES / "province_panel" / "files" / "分地区居民收入、人口与城镇化率.xlsx"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Released:
    made = Released(Home(tmp_path_factory.mktemp("correction") / "home"))
    made.home.ensure()
    return made


def send(released: Released, name: str, content: str) -> None:
    folder = released.home.inbox / "submission"
    folder.mkdir(exist_ok=True)
    header = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE\n"
    (folder / name).write_text(header + content, encoding="utf-8")
    refresh(released)


def refresh(released: Released) -> None:
    done = released.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr


def kept_out(released: Released) -> None:
    wrong = "select count(*) from marts.fct_observation_vintage where obs_value = 112950.4"
    assert released.rows(wrong) == [(0,)]
    flags = (
        f"select count(*) > 0 from marts.mart_quality_flag where {JILIN}"
        " and severity = 'error' and obs_value = 112950.4"
    )
    assert released.rows(flags) == [(True,)]
    accused = (
        "select ref_area, ref_year, area_type, obs_value from marts.mart_quality_flag where severity = 'error'"
        " and not (ref_year = 2004 and area_type = 'urban') and obs_value <> 112950.4"
    )
    assert released.rows(accused) == []


def ratio(released: Released) -> list[tuple[object, ...]]:
    return released.rows(
        "select income_urban_cny, income_rural_cny, urban_rural_income_ratio_published"
        " from marts.mart_urban_rural_income where ref_area = '220000' and ref_year = 2017"
    )


def test_a_report_stands_in_for_the_quarantined_figure(home: Released) -> None:
    send(home, "jilin.csv", "吉林省,2017,disposable_income_per_capita,rural,12950.4,元\n")
    kept_out(home)
    assert home.rows(f"select source, obs_value from marts.fct_observation where {JILIN}") == [
        ("submission", 12950.4)
    ]
    assert ratio(home) == [(28318.7, 12950.4, 2.19)]


def test_the_corrected_yearbook_comes_into_force_and_its_other_figures_stay(home: Released) -> None:
    before = home.rows("select count(*) from marts.fct_observation")
    book = openpyxl.load_workbook(PANEL)
    assert book.active is not None
    assert book.active["AM11"].value == 112950.4
    book.active["AM11"] = 12950.4
    folder = home.home.inbox / "province_panel"
    folder.mkdir()
    book.save(Path(folder) / PANEL.name)
    refresh(home)
    kept_out(home)
    assert home.rows(f"select source, obs_value from marts.fct_observation where {JILIN}") == [
        ("province_panel", 12950.4)
    ]
    assert ratio(home) == [(28318.7, 12950.4, 2.19)]
    assert home.rows("select count(*) from marts.fct_observation") == before
    # The other 2,479 figures were sent again as they were: no revision.
    assert home.rows("select count(*) from marts.fct_observation_vintage where revision_no > 1") == [(1,)]


def test_a_wrong_figure_that_was_corrected_under_a_later_vintage_was_never_in_force(home: Released) -> None:
    rows = "\n".join(
        f"浙江省,{year},consumption_expenditure_per_capita,rural,{value},元" for year, value in
        zip(range(2014, 2021), (14498, 16108, 17359, 180930, 19707, 21352, 21555), strict=True)
    )  # fmt: skip
    send(home, "zhejiang.csv", rows + "\n")
    value = (
        "select obs_value from marts.fct_observation_vintage where ref_area = '330000' and time_period = '2017'"
        " and indicator = 'consumption_expenditure_per_capita'"
    )
    assert home.rows(value) == []
    folder = home.home.inbox / "submission"
    (folder / "correction.csv").write_text(
        "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE,VINTAGE\n"
        "浙江省,2017,consumption_expenditure_per_capita,rural,18093,元,2099-01-01\n",
        encoding="utf-8",
    )
    refresh(home)
    assert home.rows(value) == [(18093.0,)]
