"""What goes wrong between a page and a cell is found and a reading suggested, the whole way; nothing is corrected."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Released
from warehouse.home import Home

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
SOURCE = """\
source: {name}
title: {{en: Figures of {name}, zh: 数据}}
producer: Shandong
citation: c
licence: l
frequency: A
authority: {authority}
vintage: {vintage}
max_quarantined_pct: 100
layout: {{kind: tidy}}
"""
INDICATORS = """\
indicators:
  - {indicator: income_ratio, name: {en: Printed income ratio, zh: 城乡居民收入比印数}, unit_measure: RATIO,
     display_unit: 倍, definition: d, basis: plan}
  - {indicator: rd_growth, name: {en: R&D growth, zh: 研发经费增速}, unit_measure: PCT,
     display_unit: "%", definition: d, basis: plan}
  - {indicator: share, name: {en: Share, zh: 比重}, unit_measure: PCT, display_unit: "%", decimals: 1,
     min_value: 0, max_value: 100, definition: d, basis: plan}
  - {indicator: labs, name: {en: Laboratories, zh: 实验室}, unit_measure: COUNT, display_unit: 个, definition: d,
     basis: plan}
units:
  - {text: 倍, unit_measure: RATIO}
  - {text: 个, unit_measure: COUNT}
"""
# Each value stands alone, as in the documents of a plan.
PLAN = """\
370000,2035,income_ratio,total,L8,倍
370000,2025,rd_growth,total,9.396,%
370000,2025,share,total,80%o,%
370000,2024,share,total,80%0,%
370000,2023,share,total,l2.5,%
370000,2022,share,total,３O,%
370000,2021,share,total,5S,%
370000,2020,share,total,80％,%
370000,2019,share,total,8096,%
370000,2018,share,total,"4 0.
5",%
370000,2025,labs,total,1313,个
370000,2020,labs,total,见附表,个
370000,2018,gdp,total,"66
648.9",亿元
370000,2017,gdp,total,"63012.1
亿元",亿元
370000,2016,gdp,total,50774 8,亿元
370000,2015,gdp,total,５５２８８．８,亿元
"""
# cell -> rule, diagnosis, suggestion
FOUND = {
    "E2": ("raw_text_without_ocr_damage", "letter_for_digit", 1.8),
    "E3": ("raw_text_without_misread_sign", "misread_percent_sign", 9.3),
    "E4": ("raw_text_without_ocr_damage", "misread_percent_sign", 80),
    "E5": ("raw_text_without_ocr_damage", "misread_percent_sign", 80),
    "E6": ("raw_text_without_ocr_damage", "letter_for_digit", 12.5),
    "E7": ("raw_text_without_ocr_damage", "letter_for_digit", 30),
    "E8": ("raw_text_without_ocr_damage", "letter_for_digit", 55),
    "E9": ("raw_text_without_ocr_damage", "unit_in_value", 80),
    "E10": ("raw_text_without_misread_sign", "misread_percent_sign", 80),
    "E15": ("raw_text_without_ocr_damage", "broken_line", 66648.9e8),
    "E17": ("raw_text_without_ocr_damage", "unit_in_value", 63012.1e8),
    "E20": ("raw_text_in_plain_characters", None, None),
}
UNREADABLE = {"E11": "4 0.\n5", "E14": "见附表", "E19": "50774 8"}
TWINS = "\n".join(
    [f"{area},2015,{what}" for area in ("330000", "340000") for what in (
        "gdp,total,43507.7,亿元", "resident_population,total,5985,万人", "disposable_income_per_capita,total,35537,元")]
    + [f"{area},{year},gdp,total,{value},亿元" for year in (2011, 2012) for area, value in (
        ("320000", 53702), ("350000", 17560), ("360000", 11702), ("410000", 26931), ("420000", 19632))]
)  # fmt: skip
RIVALS = {
    "one": ("release", "2021-03-01", {"330000": 64613, "340000": 38680, "350000": 43903, "320000": 102700}),
    "two": ("release", "2021-03-05", {"330000": 64700, "340000": 39500, "350000": 34903}),
    "book": ("yearbook", "2021-10-01", {"320000": 102719}),
    "late": ("yearbook", "2023-10-01", {"330000": 60000}),
}

PROVINCES = (
    "110000",
    "120000",
    "130000",
    "140000",
    "150000",
    "210000",
    "220000",
    "230000",
    "310000",
    "320000",
    "330000",
)


def panel() -> str:
    """Incomes of areas that differ far more than years do: in 2016 the rural column stands a row too low, in 2018 the
    urban column is the rural one of the year."""
    rows = []
    for year in range(2014, 2021):
        rural = [
            (6000 + 3500 * (number * 7 % 11)) * 1.08 ** (year - 2014) for number in range(len(PROVINCES))
        ]
        urban = [2.4 * income for income in rural]
        if year == 2018:
            urban = [1.01 * income for income in rural]
        if year == 2016:
            rural = [rural[-1], *rural[:-1]]
        for area, one, other in zip(PROVINCES, urban, rural, strict=True):
            rows.append(f"{area},{year},disposable_income_per_capita,urban,{one:.1f},元")
            rows.append(f"{area},{year},disposable_income_per_capita,rural,{other:.1f},元")
    return "\n".join(rows)


Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Sent:
    """A home to which everything was sent, and what its first release said."""

    made: Released
    flags: Rows
    rejects: Rows

    def found(self, rule: str) -> Rows:
        """Source, area, year and severity of the flags of a rule."""
        return sorted(flag[:4] for flag in self.flags if flag[4] == rule)


FLAGS = """select source, ref_area, ref_year, severity, rule, cell, diagnosis, suggested_value, obs_value, message_en
    from marts.mart_quality_flag where disposition = 'open'"""


def declare(home: Home, name: str, authority: str, vintage: str, more: str = "") -> None:
    folder = home.sources / name
    folder.mkdir()
    text = SOURCE.format(name=name, authority=authority, vintage=vintage) + more
    (folder / "source.yml").write_text(text, encoding="utf-8")


def send(home: Home, source: str, name: str, rows: str, header: str = HEADER) -> Path:
    file = home.inbox / source / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    made = Released(Home(tmp_path_factory.mktemp("transcription") / "home"))
    home = made.home
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    declare(home, "plan", "report", "2021-12-31", INDICATORS)
    send(home, "plan", "plan.csv", PLAN)
    send(home, "submission", "twins.csv", TWINS)
    send(home, "submission", "panel.csv", panel())
    send(
        home, "submission", "2018年.csv", "330000,2019,gdp,total,62462,亿元\n330000,2018,gdp,total,58003,亿元"
    )
    send(
        home, "submission", "labels.csv",
        "330000,2014,gdp,total,40023,亿元,共同富?，F代化\n330000,2013,gdp,total,37335,亿元,是否含郊区?",
        f"{HEADER},OBS_COMMENT",
    )  # fmt: skip
    for source, (authority, vintage, values) in RIVALS.items():
        declare(home, source, authority, vintage)
        rows = "\n".join(f"{area},2020,gdp,total,{value},亿元" for area, value in values.items())
        send(home, source, "gdp.csv", rows)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    rejects = "select cell, raw_text, suggested_value, diagnosis from marts.mart_reject where source = 'plan'"
    return Sent(made, made.rows(FLAGS), made.rows(rejects))


@pytest.mark.parametrize("cell", FOUND)
def test_a_damaged_text_is_flagged_with_what_was_meant(sent: Sent, cell: str) -> None:
    rule, diagnosis, suggested = FOUND[cell]
    flags = [
        flag for flag in sent.flags if flag[0] == "plan" and flag[5] == cell and flag[4].startswith("raw")
    ]
    assert [(flag[4], flag[6]) for flag in flags] == [(rule, diagnosis)]
    assert flags[0][7] == pytest.approx(suggested)


def test_nothing_is_loaded_for_a_damaged_text(sent: Sent) -> None:
    held = sent.made.rows(
        "select ref_year, indicator, obs_value from marts.fct_observation where source = 'plan'"
    )
    assert {row[:2]: row[2] for row in held} == {
        (2015, "gdp"): pytest.approx(55288.8e8), (2025, "rd_growth"): 9.396, (2025, "labs"): 1313
    }  # fmt: skip
    unread = {flag[5]: flag[8] for flag in sent.flags if flag[4] == "raw_text_without_ocr_damage"}
    assert set(unread.values()) == {None}
    assert {row[0]: row[2] for row in sent.rejects if row[3]} == {
        cell: pytest.approx(FOUND[cell][2]) for cell in unread
    }


@pytest.mark.parametrize("cell", UNREADABLE)
def test_a_text_that_is_no_damaged_number_is_only_rejected(sent: Sent, cell: str) -> None:
    assert [row for row in sent.rejects if row[0] == cell] == [(cell, UNREADABLE[cell], None, None)]
    assert not [flag for flag in sent.flags if flag[0] == "plan" and flag[5] == cell]


def test_a_text_that_is_no_number_cannot_be_decided_on(sent: Sent) -> None:
    ((flag_id,), *_) = sent.made.rows(
        "select flag_id from marts.mart_quality_flag where obs_value is null order by 1"
    )
    done = sent.made.tongji("review", flag_id, "reject", "--reason", "unreadable")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("so there is no value to decide on: have the figure sent again.")
    assert "Traceback" not in done.stderr
    assert not (sent.made.home.reviews / "decisions.jsonl").exists()


def test_an_ordinary_number_is_left_alone(sent: Sent) -> None:
    assert [flag for flag in sent.flags if flag[0] == "plan" and flag[5] == "E13"] == []


def test_a_row_and_a_column_that_stand_twice_are_kept_out(sent: Sent) -> None:
    rows = sent.found("twin_row_absent")
    assert set(rows) == {("submission", area, 2015, "error") for area in ("330000", "340000")}
    assert len(rows) == 6
    columns = sent.found("twin_column_absent")
    assert {row[2] for row in columns} == {2011, 2012}
    assert len(columns) == 10


def test_a_column_in_the_wrong_place_is_kept_out(sent: Sent) -> None:
    shifted, misplaced = sent.found("row_shift_none"), sent.found("fits_column_absent")
    assert {row[2:] for row in shifted} == {(2016, "error")}
    assert {row[2:] for row in misplaced} == {(2018, "error")}
    assert len(shifted) == len(misplaced) == len(PROVINCES)


def test_a_year_after_that_of_the_file_name_is_asked_about(sent: Sent) -> None:
    assert sent.found("ref_year_not_after_file_name") == [("submission", "330000", 2019, "warning")]


def test_a_label_that_lost_characters_is_asked_about(sent: Sent) -> None:
    assert sent.found("damaged_label_absent") == [("submission", "330000", 2014, "warning")]


def test_sources_that_disagree_are_told(sent: Sent) -> None:
    small = sent.found("rival_difference_pct_small")
    assert small == [("two", "340000", 2020, "warning"), ("two", "350000", 2020, "warning")]
    assert sent.found("rival_difference_pct_possible") == [("two", "350000", 2020, "error")]
    assert sent.found("rival_difference_pct_none_of_release") == [("one", "320000", 2020, "warning")]


def test_a_report_does_not_replace_a_yearbook(sent: Sent) -> None:
    send(sent.made.home, "submission", "report.csv", "320000,2020,gdp,total,99999,亿元")
    done = sent.made.tongji(
        "check", str(sent.made.home.inbox / "submission" / "report.csv"), "--format", "json"
    )
    assert json.loads(done.stdout)["counts"]["outranked"] == 1


def test_a_check_tells_what_was_meant_once(sent: Sent, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text(
        f"{HEADER}\n370000,2010,share,total,6O.5,%\n370000,2009,share,total,不详的,%\n", encoding="utf-8"
    )
    done = sent.made.tongji("check", str(file), "--source", "plan")
    assert done.returncode == 1
    assert done.stdout.count("6O.5") == 2  # the value, and why
    assert "60.5% (confidence high)" in done.stdout
    assert "不详的" in done.stdout
    assert "rejects 2 · flags 1" in done.stdout.splitlines()[-1]


def test_a_number_sent_in_place_of_a_damaged_one_closes_the_flag(sent: Sent) -> None:
    send(sent.made.home, "plan", "corrected.csv", "370000,2025,share,total,80,%")
    done = sent.made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    standing = sent.made.rows(
        "select disposition from marts.mart_quality_flag where rule = 'raw_text_without_ocr_damage' and cell = 'E4'"
    )
    assert standing == [("superseded",)]
    assert sent.made.rows("select disposition from marts.mart_reject where cell = 'E4'") == standing
    listed = sent.made.tongji("flags", "--ref-area", "370000")
    assert "80%o" not in listed.stdout
    assert "80%0" in listed.stdout
