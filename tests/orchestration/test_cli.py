"""The command as a person types it: what it says, in which language, and its exit status."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from orchestration.assets import reference_years
from orchestration.history import open_history
from tests.conftest import Released
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.manifest import current, list_releases

ROWS = tuple(f"330400,{year},disposable_income_per_capita,total,{value},CNY" for year, value in zip(
    range(2015, 2021), (38389, 41588, 45213, 49128, 53361, 54667), strict=True
))  # fmt: skip


def runs(home: Home) -> int:
    with open_history(home) as history:
        return history.get_runs_count()


@pytest.mark.slow
def test_a_refresh_releases_once_and_then_has_nothing_to_do(home: Home, type_, submit) -> None:
    submit(*ROWS, "330400,2021,disposable_income_per_capita,total,abc,CNY")
    first = type_("refresh")
    assert first.exit_code == 0, first.output
    release = current(home)
    lines = first.stdout.splitlines()
    assert lines[0] == f"Release {release.release_id}: {home.releases / release.release_id}"
    assert lines[1].startswith('Try: tongji sql "SELECT ')
    assert lines[-1].startswith("observations 6 ")
    assert lines[-1].endswith("rejects 1")
    assert [line for line in first.stderr.splitlines() if line.startswith("Judging")]
    again = type_("refresh")
    assert again.exit_code == 0
    assert again.stdout.startswith(f"Nothing changed since release {release.release_id}")
    assert again.stdout.endswith("rejects 1\n")
    assert again.stderr == ""
    assert runs(home) == 1


@pytest.mark.slow
def test_what_was_not_asked_for_stays_pending_until_the_next_refresh(home: Home, type_, submit) -> None:
    submit(*ROWS)
    part = type_("refresh", "--source", "submission", "--years", "2015-2016")
    assert part.exit_code == 0, part.output
    assert part.stdout.splitlines()[-1].startswith("observations 2 ")
    whole = type_("refresh")
    assert whole.stdout.splitlines()[-1].startswith("observations 6 ")
    assert len(list_releases(home)) == 2
    assert type_("refresh").stdout.startswith("Nothing changed")


def test_only_one_refresh_runs_and_the_other_makes_no_run(home: Home, type_, submit) -> None:
    submit(*ROWS)
    with build_lock(home):
        refused = type_("refresh")
    assert refused.exit_code == 4
    assert refused.stderr.startswith("Another refresh is running")
    assert not home.dagster.exists()


def test_an_unexpected_failure_is_one_sentence_and_a_traceback_only_on_demand(type_, monkeypatch) -> None:
    def burst(*_):
        raise ZeroDivisionError("somewhere deep")

    monkeypatch.setattr("warehouse.collection.declared_sources", burst)
    short = type_("refresh")
    assert short.exit_code == 1
    assert short.stderr.startswith("Unexpected failure: ZeroDivisionError: somewhere deep.")
    assert "Traceback" not in short.output
    assert "Traceback" in type_("--debug", "refresh").stderr


def test_an_interrupt_is_one_sentence(type_, monkeypatch) -> None:
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("warehouse.collection.declared_sources", interrupt)
    result = type_("refresh")
    assert result.exit_code == 130
    assert result.stderr.startswith("Interrupted;")


@pytest.mark.parametrize("command", [("sql", "select 1"), ("flags",), ("status",)])
def test_before_the_first_release_there_is_a_remedy(type_, command) -> None:
    result = type_(*command)
    assert result.exit_code == 1
    assert "run `tongji refresh`" in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("refresh", "--years", "20"),
        ("refresh", "--years", "2020-2015"),
        ("refresh", "--years", "2999"),
        ("refresh", "--years", "1900-1930"),
        ("refresh", "--source", "nobody"),
        ("sql", "select 1", "--as-of", "yesterday"),
        ("sql", "select 1", "--format", "xml"),
        ("sql",),
        ("flags", "--severity", "terrible"),
        ("serve", "--port", "0"),
        ("nonsense",),
        ("refresh", "--nonsense"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(type_, wrong) -> None:
    result = type_(*wrong)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_years_that_cannot_be_are_answered_with_those_that_can(type_) -> None:
    result = type_("refresh", "--years", "1900-1930")
    newest = datetime.datetime.now(datetime.UTC).year
    assert f"“1900-1930” is no range of years between 1949 and {newest}" in result.stderr
    known = reference_years().get_partition_keys()
    assert (known[0], known[-1]) == ("1949", str(newest))


def test_a_broken_setting_is_named(home: Home, type_) -> None:
    home.config.write_text("bundlet: false\n", encoding="utf-8")
    result = type_("refresh")
    assert result.exit_code == 1
    assert str(home.config) in result.stderr
    assert "bundlet" in result.stderr
    examined = type_("doctor")
    assert examined.exit_code == 1
    assert f"✗ settings and sources: {home.config}" in examined.stdout
    assert "✓ rules" in examined.stdout


def test_help_speaks_both_languages(released: Released) -> None:
    english = released.tongji("refresh", "--help").stdout
    chinese = released.tongji("refresh", "--help", TONGJI_LANG="zh").stdout
    assert "Usage: tongji refresh" in english
    assert "用法：" in chinese
    for word in ("Usage", "Options", "Show this message"):
        assert word in english
        assert word not in chinese


def test_usage_errors_speak_chinese(released: Released) -> None:
    result = released.tongji("refresh", "--years", "x", TONGJI_LANG="zh")
    assert result.returncode == 2
    assert "错误：'--years' 的值无效：“x”不是" in result.stderr


def test_an_unchanged_refresh_imports_nothing_heavy(released: Released, checkout: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from orchestration.cli import tongji;"
        "result = CliRunner().invoke(tongji, ['refresh']); assert result.exit_code == 0, result.output;"
        "heavy = {'dagster', 'dbt', 'great_expectations', 'duckdb', 'polars', 'rich'} & set(sys.modules);"
        "assert not heavy, heavy; assert 'Nothing changed' in result.output, result.output"
    )
    home = {"TONGJI_HOME": str(released.home.root), "TONGJI_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | home,
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_query_in_every_format(released: Released, tmp_path: Path) -> None:
    query = (
        "select ref_area, name_zh from marts.dim_ref_area where ref_area in ('000000', '110000') order by 1"
    )
    table = released.tongji("sql", query).stdout
    assert [line.split()[0] for line in table.splitlines()[2:]] == ["000000", "110000"]
    assert json.loads(released.tongji("sql", query, "--format", "json").stdout)[0]["ref_area"] == "000000"
    assert released.tongji("sql", query, "--format", "csv").stdout.splitlines()[0] == "ref_area,name_zh"
    path = tmp_path / "areas.parquet"
    assert released.tongji("sql", query, "--format", "parquet", "--output", str(path)).returncode == 0
    assert pl.read_parquet(path).height == 2


@pytest.mark.parametrize(
    "wrong", ["selec 1", "select * from marts.nothing", "drop table marts.fct_observation"]
)
def test_a_query_that_fails_says_why(released: Released, wrong: str) -> None:
    result = released.tongji("sql", wrong)
    assert result.returncode == 1
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_flags_are_the_open_ones_and_can_be_narrowed(released: Released) -> None:
    every = json.loads(released.tongji("flags", "--format", "json").stdout)
    errors = json.loads(released.tongji("flags", "--severity", "error", "--format", "json").stdout)
    assert {flag["disposition"] for flag in every} == {"open"}
    assert errors == [flag for flag in every if flag["severity"] == "error"]
    area = every[0]["ref_area"]
    narrowed = json.loads(released.tongji("flags", "--ref-area", area, "--format", "json").stdout)
    assert {flag["ref_area"] for flag in narrowed} == {area}
    named = json.loads(released.tongji("flags", "--ref-area", "吉林省", "--format", "json").stdout)
    assert {flag["ref_area"] for flag in named} == {"220000"}
    several = released.tongji("flags", "--ref-area", "鼓楼区")
    assert (several.returncode, "320106, 320302, 350102, 410204" in several.stderr) == (1, True)


def test_status_names_release_and_freshness(released: Released) -> None:
    result = released.tongji("status")
    assert result.returncode == 0
    assert current(released.home).release_id in result.stdout
    assert "up to date" in result.stdout


def test_releases_are_listed_with_the_one_in_force(released: Released) -> None:
    for command in (("releases",), ("releases", "list")):
        lines = released.tongji(*command).stdout.splitlines()
        assert lines[-1].endswith("in force")


def test_the_doctor_finds_a_sound_installation_sound(released: Released) -> None:
    result = released.tongji("doctor")
    assert result.returncode == 0, result.stdout
    assert "✗" not in result.stdout
