"""What a person reads about implausible values."""

import re

import pytest

from orchestration.answers import open_flags
from orchestration.flag_report import excerpt, report
from tests.conftest import Released


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGJI_LANG", "en")


def test_jilin_is_shown_with_file_sheet_cell_range_and_suggestion(released: Released) -> None:
    done = released.tongji("flags", "--severity", "error", "--ref-area", "220000")
    assert done.returncode == 0
    block = done.stdout.split("\n\n")[0]
    assert block.startswith("error  吉林省 (220000) 2017 Per-capita disposable income (rural)")
    assert "112950.4 — 分地区居民收入、人口与城镇化率.xlsx · 分地区 · AM11" in block
    assert "suggested  12950.4 元 (confidence high)" in block
    expected = re.search(r"expected +([0-9.]+) … ([0-9.]+) 元", block)
    assert expected is not None
    low, high = map(float, expected.groups())
    assert 11500 < low < 12950.4 < high < 15000


def test_the_report_is_in_the_language_asked_for(released: Released) -> None:
    done = released.tongji("flags", "--severity", "error", "--ref-area", "220000", TONGJI_LANG="zh")
    assert done.stdout.startswith("错误  吉林省")
    assert "建议" in done.stdout


def test_a_column_of_another_concept_is_one_finding(released: Released) -> None:
    done = released.tongji("flags", "--severity", "error")
    assert done.stdout.count("31 areas, 2004 Per-capita disposable income (urban)") == 1
    assert done.stdout.count("of another concept") == 1


@pytest.mark.parametrize(
    ("language", "named", "said"),
    [("en", "Per-capita disposable income (urban)", "suggested"), ("zh", "人均可支配收入 (城镇)", "建议")],
)
def test_one_area_of_a_column_is_a_value_like_any_other(
    released: Released, language: str, named: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGJI_LANG", language)
    flags = open_flags(released.home, "error").to_dicts()
    column = [flag for flag in flags if flag["diagnosis"] == "another_concept"]
    (alone,) = [flag for flag in column if flag["ref_area"] == "220000"]
    subject, *lines = report([alone | {"suggested_value": 1.0, "confidence": "low"}])
    assert subject.endswith(f"  吉林省 (220000) 2004 {named}")
    assert any(said in line for line in lines)
    assert any(alone["flag_id"] in line for line in lines)


@pytest.mark.usefixtures("english")
def test_an_excerpt_begins_with_whole_columns_and_ends_in_time(released: Released) -> None:
    lines = list(excerpt(open_flags(released.home).to_dicts(), 3))
    assert lines.count("") == 3
    assert " areas, " in lines[0]


@pytest.mark.usefixtures("english")
def test_every_flag_but_those_of_a_column_is_in_the_report(released: Released) -> None:
    flags = open_flags(released.home).to_dicts()
    text = "\n".join(report(flags))
    single = [flag["flag_id"] for flag in flags if flag["diagnosis"] != "another_concept"]
    assert single
    assert [flag_id for flag_id in single if flag_id not in text] == []


@pytest.mark.usefixtures("english")
def test_control_characters_of_a_file_do_not_reach_the_terminal(released: Released) -> None:
    flag = open_flags(released.home, "error", "220000").to_dicts()[0]
    assert "\x1b" not in "\n".join(report([flag | {"raw_text": "\x1b[2J1"}]))
