"""A release that is refused can be worked on: what stopped it is named, shown and can be asked about."""

import json
from pathlib import Path

import pytest

from tests.orchestration.conftest import HEADER
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.manifest import current

SOURCE = """source: {name}
title: {{en: {name}, zh: 县}}
producer: The county
citation: The county's file
licence: The county's own
frequency: A
authority: report
layout: {{kind: tidy}}
max_quarantined_pct: {allowed}
"""
GROWING = (38389, 41588, 45213, 49128, 53361, 54667)
ROWS = tuple(
    f"330400,{year},disposable_income_per_capita,total,{value},CNY"
    for year, value in enumerate(GROWING, 2015)
)
WRONG = "330400,2021,disposable_income_per_capita,total,-5,CNY"


def deliver(home: Home, source: str, *rows: str, allowed: float = 5) -> None:
    """A file from a source of the bureau's own, which declares how much of it may be quarantined."""
    declared = home.sources / source / "source.yml"
    declared.parent.mkdir(parents=True, exist_ok=True)
    declared.write_text(SOURCE.format(name=source, allowed=allowed), encoding="utf-8")
    path: Path = home.inbox / source / f"{len(rows)}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_a_gate_that_is_not_passed_can_be_worked_on(home: Home, type_) -> None:
    deliver(home, "county", *ROWS)
    first = type_("refresh")
    assert first.exit_code == 0, first.output
    before = current(home)
    deliver(home, "county", *ROWS, WRONG)
    deliver(home, "town", WRONG.replace("330400", "330500"), allowed=0)
    refused = type_("refresh")
    assert refused.exit_code == 3, refused.output
    *shown, said = refused.stderr.splitlines()
    assert "(town 100.00 % > 0 %, county 14.29 % > 5 %)" in said
    assert "`tongji flags --release candidate --severity error`" in said
    assert "Traceback" not in refused.output
    found = [line for line in shown if line.startswith("error  ")]
    assert [line.split()[2] for line in found] == ["(330400)", "(330500)"]
    assert current(home) == before

    flags = type_("flags", "--release", "candidate", "--severity", "error", "--format", "json")
    assert {flag["obs_value"] for flag in json.loads(flags.stdout)} == {-5}
    assert json.loads(type_("flags", "--severity", "error", "--format", "json").stdout) == []
    named = type_("flags", "--release", before.release_id, "--severity", "error", "--format", "json")
    assert json.loads(named.stdout) == []
    count = ("sql", "select count(*) as n from marts.fct_observation", "--format", "csv")
    assert type_(*count, "--release", "candidate").stdout.split() == ["n", "6"]
    looked_back = type_(*count, "--release", "candidate", "--as-of", "2021-06-30")
    assert looked_back.exit_code == 1
    assert "leave out --as-of" in looked_back.stderr
    with build_lock(home):
        busy = type_("flags", "--release", "candidate")
    assert busy.exit_code == 1
    assert busy.stderr.startswith("The candidate cannot be read, since a refresh")


@pytest.mark.slow
def test_an_error_in_a_submission_stops_nobody(home: Home, type_, submit) -> None:
    submit(WRONG)
    result = type_("refresh")
    assert result.exit_code == 0, result.output
    assert "quarantined 1 " in result.stdout.splitlines()[-1]


def test_before_anything_was_derived_there_is_no_candidate(type_) -> None:
    result = type_("sql", "select 1", "--release", "candidate")
    assert result.exit_code == 1
    assert result.stderr.startswith("There is no candidate in ")
