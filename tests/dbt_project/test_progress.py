"""What holds of the measures of progress and of ranks, on the SQL of the models themselves."""

import duckdb
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.rendered import query

TARGET = (
    "target_id varchar, ref_area varchar, ref_area_name varchar, indicator varchar, area_type varchar, kind varchar,"
    " comparator varchar, value double, unit_measure varchar, base_year integer, base_value double,"
    " period_start integer, target_year integer"
)
VALUE = (
    "ref_area varchar, ref_area_name varchar, ref_year integer, indicator varchar, area_type varchar, value double,"
    " value_low double, value_high double, value_published double, unit_measure varchar, basis varchar,"
    " comparable_with_previous boolean, broken_in integer, comparable_since integer, obs_status varchar,"
    " conf_status varchar, quality_status varchar, vintage date"
)
positive = st.floats(1, 1e6)


def progress(
    values: list[float],
    target: float,
    years: int = 15,
    comparator: str = ">=",
    unit: str = "CNY",
    margin: float = 0,
) -> dict[str, dict[str, object]]:
    """The measures of the last year, by method, of a series that begins in 2000."""
    with duckdb.connect() as db:
        db.execute(f"create table dim_target ({TARGET}); create table mart_indicator_value ({VALUE})")
        db.execute(
            f"create table dim_indicator as select 'x' as indicator, '{unit}' as unit_measure, 1 as direction,"
            " 0 as min_value, null as quantity"
        )
        db.execute(
            "insert into dim_target by name select 't' as target_id, 'a' as ref_area, 'x' as indicator,"
            " 'total' as area_type, 'target' as kind, ? as comparator, ? as value, ? as unit_measure,"
            " 2000 as base_year, ? as target_year",
            [comparator, target, unit, 2000 + years],
        )
        for at, value in enumerate(values):
            db.execute(
                "insert into mart_indicator_value by name select 'a' as ref_area, ? as ref_year, 'x' as indicator,"
                " 'total' as area_type, ?::double as value, ?::double as value_low, ?::double as value_high,"
                " 2000 as comparable_since, 'passed' as quality_status",
                [2000 + at, value, value - margin, value + margin],
            )
        for model in ("mart_target_value", "mart_target_assessment"):
            db.execute(f"create table {model} as {query(model)}")
        found = db.execute(query("mart_target_progress"))
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["method"]: row for row in rows if row["is_latest"]}


@settings(max_examples=8)
@given(positive, st.floats(1.01, 1.2), st.integers(2, 12))
def test_who_grows_as_is_required_is_at_one_by_growth(first: float, pace: float, years: int) -> None:
    found = progress([first * pace**at for at in range(years)], first * pace**15)
    assert found["growth"]["progress_ratio"] == pytest.approx(1, rel=1e-9)
    assert found["growth"]["status"] == "on_track"
    assert found["growth"]["is_headline"]
    assert found["growth"]["projected_value"] == pytest.approx(first * pace**15, rel=1e-9)


@settings(max_examples=8)
@given(st.floats(20, 50), st.floats(0.1, 2), st.integers(2, 12))
def test_who_walks_the_straight_line_is_at_one_by_all_measures_of_a_rate(
    first: float, step: float, years: int
) -> None:
    found = progress([first + step * at for at in range(years)], first + 15 * step, unit="PCT")
    assert found["linear"]["progress_ratio"] == pytest.approx(1, rel=1e-9)
    assert found["linear"]["is_headline"]
    assert found["projection"]["progress_ratio"] == pytest.approx(1, rel=1e-9)
    assert found["escap"]["anticipated_gap_pct"] == pytest.approx(0, abs=1e-6)
    assert found["escap"]["current_status_index"] == pytest.approx(10 * (years - 1) / 15, rel=1e-9)
    assert "growth" not in found


@settings(max_examples=8)
@given(st.lists(positive, min_size=2, max_size=10), positive, st.sampled_from([0.001, 3.0, 1e4]))
def test_the_unit_of_a_level_does_not_matter(values: list[float], target: float, factor: float) -> None:
    found = progress(values, target)
    scaled = progress([value * factor for value in values], target * factor)
    assert found.keys() == scaled.keys()
    for method, row in found.items():
        if row["progress_ratio"] is not None:
            assert scaled[method]["progress_ratio"] == pytest.approx(
                row["progress_ratio"], rel=1e-6, abs=1e-6
            )


@settings(max_examples=8)
@given(st.lists(positive, min_size=2, max_size=6), positive, st.floats(0.001, 0.4))
def test_a_printed_figure_is_classed_only_where_all_that_print_so_agree(
    values: list[float], target: float, margin: float
) -> None:
    exact, printed = progress(values, target), progress(values, target, margin=margin)
    for method, row in printed.items():
        middle, low, high = (row[f"progress_ratio{end}"] for end in ("", "_low", "_high"))
        assert middle is None or low <= middle <= high
        assert row["status"] in (exact[method]["status"], "indeterminate")


@settings(max_examples=6)
@given(st.lists(st.floats(-2, 2), min_size=8, max_size=20), st.floats(-5, 5))
def test_the_chance_is_that_of_a_random_walk_with_drift(steps: list[float], beyond: float) -> None:
    values = [50.0]
    for step in steps:
        values.append(values[-1] + step)
    changes, left = len(steps), 30 - len(steps)
    chance = progress(values, values[-1] + beyond, years=30, unit="PCT")["linear"]["probability_experimental"]
    mean = sum(steps) / changes
    spread = (sum((step - mean) ** 2 for step in steps) / (changes - 1)) ** 0.5
    if spread < 1e-6:
        return
    score = (left * mean - beyond) / (spread * (left + left**2 / changes) ** 0.5)
    assert chance == pytest.approx(scipy.stats.t.cdf(score, changes - 1), abs=1e-6)


def test_seven_changes_tell_no_chance() -> None:
    rates = [50.0, 51, 51.5, 53, 53.2, 54, 55, 57]
    assert progress(rates, 70, unit="PCT")["linear"]["probability_experimental"] is None
    assert progress([*rates, 58], 70, unit="PCT")["linear"]["probability_experimental"] is not None


@settings(max_examples=20)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=12), st.sampled_from([1, -1, 0]))
def test_ranks_are_those_of_a_competition(values: list[int], direction: int) -> None:
    with duckdb.connect() as db:
        db.execute(f"create table mart_indicator_value ({VALUE})")
        db.execute(f"create table dim_indicator as select 'x' as indicator, {direction} as direction")
        db.execute(
            "create table dim_ref_area_part as select 'p' as parent, 'a' || n as ref_area, 'county' as level,"
            f" 'n' as name_zh, 0 as since_year, 9999 as until_year from range({len(values) + 1}) as t(n)"
        )
        for at, value in enumerate(values):
            db.execute(
                "insert into mart_indicator_value by name select 'a' || ? as ref_area, 2020 as ref_year,"
                " 'x' as indicator, 'total' as area_type, ?::double as value, ?::double as value_published",
                [at, value, value],
            )
        rows = db.execute(
            f"select ref_area, rank, is_tied, peers, peers_missing from ({query('mart_league_table')})"
        ).fetchall()
    found = {area: told for area, *told in rows}
    assert found.pop(f"a{len(values)}") == [None, None, len(values), 1]
    for at, value in enumerate(values):
        better = sum(other < value if direction < 0 else other > value for other in values)
        assert found[f"a{at}"] == [better + 1, values.count(value) > 1, len(values), 1]
