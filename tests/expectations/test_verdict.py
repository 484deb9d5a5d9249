"""Verdicts are complete, NULL never passes, and whatever cannot be trusted stops the run with nothing written."""

import subprocess
import sys
from types import SimpleNamespace

import duckdb
import pytest

from expectations import evidence, finding, suite, verdict
from expectations.errors import ExpectationError
from expectations.rulebook import load_rules


def test_more_failures_than_great_expectations_lists_are_all_there(build, rule):
    build.write([{"growth_pct": 31.0}] * 57 + [{"growth_pct": 30.0}] * 3 + [{"growth_pct": None}] * 5)
    judgement = build.judge([rule()])
    (count,) = judgement.counts
    assert (count.passed, count.failed, count.not_evaluable, count.not_in_scope) == (3, 57, 5, 0)
    assert judgement.failed("warning") == 57
    found = build.rows(
        "SELECT outcome, count(DISTINCT cell_id) FROM quality.verdict GROUP BY ALL ORDER BY ALL"
    )
    assert found == [("fail", 57), ("not_evaluable", 5)]


def test_an_unknown_scope_is_not_evaluable_and_another_scope_is_left_out(build, rule):
    build.write([{"quantity": None, "growth_pct": 1.0}, {"quantity": "rate", "growth_pct": 99.0}])
    (count,) = build.judge([rule(where="quantity = 'money'")]).counts
    assert (count.passed, count.failed, count.not_evaluable, count.not_in_scope) == (0, 0, 1, 1)


def test_a_needed_column_that_is_null_makes_a_row_not_evaluable(build, rule):
    build.write([{"expected_value": None}, {"slip": None}, {"slip": "wrong_unit"}])
    searched = {"type": "expect_column_values_to_be_null", "column": "slip"}
    build.judge([rule(name="slip_absent", expect=searched, needs=["expected_value"])])
    found = build.rows("SELECT cell_id, outcome FROM quality.verdict ORDER BY cell_id")
    assert found == [(0, "not_evaluable"), (2, "fail")]


def test_a_number_that_is_none_fails(build, rule):
    build.write([{"growth_pct": float("nan")}, {"growth_pct": float("inf")}])
    (count,) = build.judge([rule()]).counts
    assert count.failed == 2


def test_counts_are_kept_by_source_and_year(build, rule):
    build.write(
        [{"ref_year": 2016}, {"ref_year": 2017, "growth_pct": 99.0}, {"source": "other", "ref_year": 2017}]
    )
    build.judge([rule()])
    found = build.rows("SELECT source, ref_year, passed, failed FROM quality.rule_count ORDER BY ALL")
    assert found == [("other", 2017, 1, 0), ("province_panel", 2016, 1, 0), ("province_panel", 2017, 0, 1)]


def test_judging_again_replaces_what_was_there(build, rule):
    build.write([{"growth_pct": 99.0}])
    build.judge([rule()])
    build.write([{"growth_pct": 1.0}])
    build.judge([rule()])
    assert build.rows("SELECT * FROM quality.verdict") == []
    assert build.rows("SELECT rule, reason FROM quality.rule") == [("growth_pct_usual", "because")]


@pytest.mark.parametrize(
    ("expect", "value_at", "row", "expected"),
    [
        ({"min_value": -10.0, "max_value": 30.0}, "previous_value * (1 + bound / 100)", {}, (90.0, 130.0)),
        ({"max_value": 30.0}, "previous_value * (1 + bound / 100)", {}, (None, 130.0)),
        # A ratio seen from its denominator: too large a ratio means too small a value.
        ({"max_value": 30.0}, "urban_value / bound", {"urban_value": 9000.0}, (300.0, None)),
        (
            {"min_value": 10.0, "max_value": 30.0},
            "urban_value / bound",
            {"urban_value": 9000.0},
            (300.0, 900.0),
        ),
    ],
)
def test_bounds_of_a_measure_become_bounds_of_the_value(build, rule, expect, value_at, row, expected):
    build.write([{"growth_pct": 45.0, "previous_value": 100.0, "obs_value": 200.0, **row}])
    between = {"type": "expect_column_values_to_be_between", "column": "growth_pct", **expect}
    build.judge([rule(expect=between, value_at=value_at)])
    assert build.rows("SELECT expected_low, expected_high FROM quality.verdict") == [pytest.approx(expected)]


def test_words_with_quotes_and_percent_signs_arrive_as_written(build, rule):
    build.write([{"growth_pct": 45.125, "ref_area_name": "O'Neil {x} 100%"}])
    words = {"en": "It's {ref_area_name}: {growth_pct:.1f} %, {next_value:.1f}", "zh": "“{ref_area_name}”"}
    build.write([{"growth_pct": 45.125, "ref_area_name": "O'Neil {x} 100%", "next_value": None}])
    build.judge([rule(message=words)])
    found = build.rows("SELECT message_en, message_zh FROM quality.verdict")
    assert found == [("It's O'Neil {x} 100%: 45.1 %, –", "“O'Neil {x} 100%”")]


def test_progress_is_told_after_each_rule(build, rule):
    told = []
    build.write([{}])
    rules = [rule(), rule(name="growth_pct_again")]
    verdict.judge(build.connection, build.database, rules, lambda *progress: told.append(progress))
    assert told == [(1, 2, "growth_pct_usual"), (2, 2, "growth_pct_again")]


def before(build, rule):
    """A judgement that stands before the one that goes wrong."""
    build.write([{"growth_pct": 99.0}])
    build.judge([rule()])
    return build.rows("SELECT * FROM quality.verdict")


def test_a_rule_that_raises_stops_the_run_and_leaves_the_last_verdicts(build, rule):
    stood = before(build, rule)
    build.write([{"raw_text": "not a number"}])
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule(), rule(name="growth_pct_cast", measure="CAST(raw_text AS DOUBLE)")])
    assert caught.value.code == "rule.failed"
    assert caught.value.details["rule"] == "growth_pct_cast"
    assert "not a number" in str(caught.value.details["problem"])
    assert build.rows("SELECT * FROM quality.verdict") == stood


def test_counts_that_differ_stop_the_run_and_leave_the_last_verdicts(build, rule, monkeypatch):
    stood = before(build, rule)
    monkeypatch.setattr(suite, "count_unexpected", lambda *_: {"growth_pct_usual": 2})
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule()])
    assert caught.value.code == "rule.counts_differ"
    assert (caught.value.details["ours"], caught.value.details["theirs"]) == (1, 2)
    assert build.rows("SELECT * FROM quality.verdict") == stood


def test_verdicts_that_cannot_be_read_back_stop_the_run(build, rule, monkeypatch):
    build.write([{"growth_pct": 99.0}])
    monkeypatch.setattr(finding, "failing", lambda _rule: "SELECT 'nothing is written'")
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule()])
    assert caught.value.code == "verdict.incomplete"
    assert (caught.value.details["counted"], caught.value.details["found"]) == (1, 0)


def test_many_verdicts_after_a_rule_without_any_are_all_readable(build, rule):
    """DuckDB 2.0.0 hides the rows of a large insert that follows an empty one in the same transaction."""
    build.write([{"growth_pct": 99.0, "area_years_off": 0}])
    columns = ", ".join(evidence.COLUMNS)
    build.connection.execute(
        f"INSERT INTO {evidence.RELATION} SELECT {columns} FROM {evidence.RELATION}, range(150000)"
    )
    valid = {"type": "expect_column_values_to_be_in_set", "column": "area_years_off", "value_set": [0]}
    build.judge([rule(name="area_years_off_always", expect=valid), rule()])
    assert build.rows("SELECT rule, count(*) FROM quality.verdict GROUP BY rule") == [
        ("growth_pct_usual", 150001)
    ]


def test_an_expectation_left_out_by_great_expectations_stops_the_run(rule):
    with pytest.raises(ExpectationError, match="no result"):
        suite.count_unexpected([rule()], [suite.Validation(None, SimpleNamespace(results=[]))])


def test_great_expectations_words_are_kept_beside_the_verdicts_they_are_about(build, rule):
    build.write([{"growth_pct": 99.0}, {"growth_pct": 3.0}])
    build.judge([rule()])
    (page, said), (_, found) = build.rows(
        "SELECT page, html FROM quality.rendered WHERE rule = 'growth_pct_usual' ORDER BY page"
    )
    assert page == "suite"
    assert "values must be" in said
    assert "1 unexpected values found. 50% of 2 total rows." in found
    build.write([{"growth_pct": 3.0}])
    build.judge([rule()])
    (found,) = build.rows("SELECT html FROM quality.rendered WHERE rule IS NOT NULL AND page = 'validation'")
    assert "unexpected values found" not in found[0]
    loaded = "SELECT count(*) FROM quality.rendered WHERE html LIKE '%://%' OR html LIKE '%<script%'"
    assert build.rows(loaded) == [(0,)]


def test_missing_evidence_is_named(build, rule):
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule()])
    assert caught.value.code == "evidence.missing"
    build.write([{}])
    build.connection.execute("ALTER TABLE intermediate.int_observation_evidence DROP COLUMN deviation_z")
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule()])
    assert (caught.value.code, caught.value.details["columns"]) == ("evidence.missing_column", "deviation_z")


def test_no_evidence_at_all_counts_nothing(build):
    build.write([])
    judgement = build.judge(load_rules())
    assert all((count.passed, count.failed, count.not_evaluable) == (0, 0, 0) for count in judgement.counts)


def test_the_build_database_stays_writable_and_leaves_no_wal(build, rule):
    build.write([{}])
    build.judge([rule()])
    build.connection.execute("CREATE TABLE afterwards AS SELECT 1")
    build.connection.close()
    assert not build.database.with_suffix(".duckdb.wal").exists()
    with duckdb.connect(build.database, read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM quality.rule").fetchall() == [(1,)]


def test_great_expectations_still_keeps_a_list_of_dialects_that_duckdb_can_join():
    """Private: without DuckDB in it every expectation over SQL fails, see `expectations/suite.py`."""
    gx = suite._library()
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    assert "duckdb" in engine._PERSISTED_CONNECTION_DIALECTS
    assert [dialect.value for dialect in engine._PERSISTED_CONNECTION_DIALECTS].count("duckdb") == 1
    assert gx.__version__.startswith("1.24.")


def test_great_expectations_without_that_list_stops_the_run(build, rule, monkeypatch):
    suite._library()
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    build.write([{}])
    monkeypatch.delattr(engine, "_PERSISTED_CONNECTION_DIALECTS")
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule()])
    assert caught.value.code == "suite.library_changed"


def test_a_dialect_that_is_not_kept_open_fails_closed(build, rule, monkeypatch):
    """What happens when the private list is still there but no longer used."""
    suite._library()
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    build.write([{}])
    monkeypatch.setattr(engine, "_PERSISTED_CONNECTION_DIALECTS", (suite._DuckDB("duckdb"),))
    monkeypatch.setattr(
        engine.SqlAlchemyExecutionEngine, "dialect_name", property(lambda _self: "another"), raising=False
    )
    with pytest.raises(ExpectationError) as caught:
        build.judge([rule()])
    assert caught.value.code == "rule.failed"


def test_a_run_says_nothing_on_its_own(tmp_path):
    """Neither telemetry notices nor progress bars nor DuckDB's page on what lived on at exit."""
    code = """
import sys, duckdb
from pathlib import Path
from expectations import evidence
from expectations.rulebook import load_rules
from expectations.verdict import judge
file = Path(sys.argv[1])
with duckdb.connect(file) as connection:
    connection.execute("CREATE SCHEMA intermediate")
    for one in evidence.KINDS.values():
        connection.execute(f"CREATE TABLE {one.relation} ({one.declared()})")
    judge(connection, file, load_rules())
"""
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "w.duckdb")], capture_output=True, text=True, check=True
    )
    assert (told.stdout, told.stderr) == ("", "")
