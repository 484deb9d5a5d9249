"""What holds of every composite index, whatever the figures: on the SQL of the models."""

import hashlib
import math
import random
import statistics

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dbt_project.index.derivation import Derivation

FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
VALUE = st.one_of(st.none(), st.integers(-5, 5).map(float), st.floats(-1e6, 1e6).map(lambda x: round(x, 3)))
COLUMN = st.lists(VALUE, min_size=6, max_size=6)
TABLE = st.fixed_dictionaries(dict.fromkeys(("first", "second", "third"), COLUMN))
WITHOUT_DRAWS = (
    "dim_composite_index", "dim_index_variant", "mart_index_indicator", "mart_index_weight", "mart_index_score",
)  # fmt: skip


def scores(table: dict[str, list[float | None]], **variant: object) -> list[tuple[object, ...]]:
    derivation = Derivation()
    derivation.flat(table, **variant)
    derivation.derive(*WITHOUT_DRAWS)
    return derivation.rows(
        "select ref_area, score_index, rank, peers from mart_index_score where node = 'index' order by all"
    )


@FEW
@given(TABLE)
def test_ranks_are_a_competition_ranking_of_the_areas_that_have_a_score(
    table: dict[str, list[float | None]],
) -> None:
    found = scores(table)
    known = [score for _, score, *_ in found if score is not None]
    for _, score, rank, peers in found:
        assert rank == (None if score is None else 1 + sum(other > score for other in known))
        assert peers == len(known)


@FEW
@given(TABLE)
def test_an_area_has_a_score_where_two_thirds_of_its_indicators_are_known_and_vary(
    table: dict[str, list[float | None]],
) -> None:
    varying = [
        column for column in table.values() if len({value for value in column if value is not None}) > 1
    ]
    for at, (_, score, _, _) in enumerate(scores(table)):
        assert (score is not None) == (sum(column[at] is not None for column in varying) >= 2)


def test_a_node_without_a_score_is_not_counted_as_known_by_the_one_above() -> None:
    derivation = Derivation()
    derivation.flat({"first": [1.0, 5.0, 9.0], "second": [9.0, 5.0, 1.0]}, aggregate="geometric arithmetic")
    derivation.put("stg_composite_index", [{"index_id": "flat", "node": "middle", "parent": "index"}])
    derivation.connection.execute("update stg_composite_index set parent = 'middle' where node = 'first'")
    derivation.derive(*WITHOUT_DRAWS)
    found = derivation.rows(
        "select node, ref_area, score_index, rank, peers from mart_index_score order by all"
    )
    # Scaled from 0: the least area has no geometric mean, and one of two nodes is not two thirds.
    assert found == [
        ("index", "A000", None, None, 2), ("index", "A001", 50, 1, 2), ("index", "A002", 50, 1, 2),
        ("middle", "A000", None, None, 2), ("middle", "A001", 50, 2, 2), ("middle", "A002", 100, 1, 2),
    ]  # fmt: skip


@FEW
@given(TABLE, st.sampled_from([1e-3, 7.0, 1e4]), st.sampled_from([-100.0, 0.0, 12.5]))
def test_the_unit_of_an_indicator_does_not_matter_to_min_max(
    table: dict[str, list[float | None]], factor: float, shift: float
) -> None:
    rounded = {
        name: [None if value is None else float(round(value)) for value in column]
        for name, column in table.items()
    }
    changed = rounded | {
        "first": [None if value is None else value * factor + shift for value in rounded["first"]]
    }
    for before, after in zip(scores(rounded), scores(changed), strict=True):
        assert before[1] == (None if after[1] is None else pytest.approx(after[1], abs=1e-5))


@FEW
@given(TABLE)
def test_entropy_weights_sum_to_one_and_what_does_not_vary_weighs_nothing(
    table: dict[str, list[float | None]],
) -> None:
    derivation = Derivation()
    derivation.flat(table | {"constant": [3.0] * 6}, weigh="entropy")
    derivation.derive(*WITHOUT_DRAWS)
    weights = dict(derivation.rows("select node, weight from mart_index_weight where parent = 'index'"))
    assert sum(weights.values()) == pytest.approx(1)
    assert min(weights.values()) >= 0
    varies = any(
        len({value for value in column if value is not None}) > 1
        and sum(value is not None for value in column) > 1
        for column in table.values()
    )
    assert weights["constant"] == (0 if varies and max(weights.values()) != 0.25 else 0.25)


def test_equal_weights_stand_in_where_nothing_varies() -> None:
    derivation = Derivation()
    derivation.flat({"first": [1.0] * 4, "second": [2.0] * 4}, weigh="entropy")
    derivation.derive(*WITHOUT_DRAWS)
    assert derivation.rows("select weight from mart_index_weight where parent = 'index'") == [(0.5,), (0.5,)]
    assert derivation.rows("select distinct score_index from mart_index_score") == [(None,)]


def test_the_shift_of_entropy_is_asked_for_by_name() -> None:
    table = {"first": [0.0, 1.0, 2.0, 9.0], "second": [0.0, 5.0, 5.0, 9.0]}
    found = []
    for weigh in ("entropy", "entropy_shifted"):
        derivation = Derivation()
        derivation.flat(table, weigh=weigh)
        derivation.derive(*WITHOUT_DRAWS)
        found.append(
            dict(derivation.rows("select node, divergence from mart_index_weight where parent = 'index'"))
        )
    for shift, divergence in zip((0, 0.0001), found, strict=True):
        for name, column in table.items():
            z = [value / 9 + shift for value in column]
            p = [value / sum(z) for value in z]
            entropy = -sum(one * math.log(one) for one in p if one > 0) / math.log(len(p))
            assert divergence[name] == pytest.approx(1 - entropy, abs=1e-9)


DRAWN = {
    "draws": 300, "drawn_years": 1, "weight_spread_pct": 25, "draw_normalise": "min_max percentile_rank",
    "draw_aggregate": "arithmetic geometric", "seed": 7, "scale_low": 1,
}  # fmt: skip


def uncertainty(derivation: Derivation) -> list[tuple[object, ...]]:
    derivation.derive()
    return derivation.rows("from mart_index_uncertainty order by all")


def panel(threads: int, order: random.Random | None = None, **variant: object) -> Derivation:
    derivation = Derivation(threads)
    made = random.Random(3)
    table: dict[str, list[float | None]] = {
        name: [made.choice([None, *[round(made.gauss(50, 20), 2)] * 9]) for _ in range(40)]
        for name in ("first", "second", "third", "fourth", "fifth")
    }
    derivation.flat(table, **DRAWN | variant)
    if order is not None:
        for relation in ("mart_indicator_value", "dim_ref_area", "stg_composite_index"):
            seed = order.randint(0, 10**6)
            derivation.connection.execute(
                f"create or replace table {relation} as from {relation} order by hash(rowid + {seed})"
            )
    return derivation


def test_draws_are_the_same_again_whatever_the_threads_and_the_order_of_rows() -> None:
    once = uncertainty(panel(1))
    assert once
    assert uncertainty(panel(2)) == once
    assert uncertainty(panel(2, random.Random(11))) == once
    assert uncertainty(panel(2, seed=8)) != once


def test_where_nothing_is_varied_the_interval_is_the_rank() -> None:
    derivation = panel(2, weight_spread_pct=0, draw_normalise="min_max", draw_aggregate="arithmetic")
    found = uncertainty(derivation)
    assert {first_order for *_, first_order in found} == {None}
    ranks = derivation.rows(
        "select rank, rank_p05, rank_median, rank_p95, draws from mart_composite_index"
        " where node = 'index' and rank is not null"
    )
    assert ranks
    assert all(rank == low == middle == high and draws == 300 for rank, low, middle, high, draws in ranks)


def test_draws_alone_are_of_the_latest_year_with_a_score_and_vary_nothing_that_is_not_named() -> None:
    derivation = Derivation()
    made = random.Random(5)
    table: dict[str, list[float | None]] = {
        name: [made.uniform(0, 100) ** 3 for _ in range(30)] for name in ("first", "second", "third")
    }
    steps = {"normalise": "percentile_rank", "scale_low": 1, "aggregate": "geometric", "reference": "pooled"}
    derivation.flat(table, draws=50, **steps)
    for name, column in table.items():
        # Of the last year too little is known to score anybody.
        years = (2018, 2019, 2021) if name == "first" else (2018, 2019)
        derivation.values(
            (f"A{at:03}", year, name, "total", value) for year in years for at, value in enumerate(column)
        )
    derivation.derive()
    drawn = derivation.rows("select distinct ref_year from mart_composite_index where draws is not null")
    assert drawn == [(2020,)]
    ranks = derivation.rows(
        "select rank, rank_p05, rank_p95 from mart_composite_index where node = 'index' and draws is not null"
    )
    assert len(ranks) == 30
    assert all(rank == low == high for rank, low, high in ranks)


def test_areas_that_are_alike_share_their_ranks_in_every_draw() -> None:
    derivation = Derivation()
    derivation.flat({"first": [1.0, 5.0, 5.0, 9.0], "second": [8.0, 2.0, 2.0, 7.0]}, **DRAWN)
    derivation.derive()
    found = derivation.rows(
        "select rank, rank_p05, rank_median, rank_p95 from mart_composite_index"
        " where node = 'index' and ref_area in ('A001', 'A002')"
    )
    assert found[0] == found[1]
    assert found[0][3] == 3  # two share the third place, nobody has the fourth


def number(seed: int, draw: int, factor: str) -> float:
    """What is drawn, from the definition of MD5 alone."""
    return int.from_bytes(hashlib.md5(f"{seed}|{draw}|{factor}".encode()).digest()[8:], "little") / 2**64


def competition(scores: list[float]) -> list[int]:
    return [1 + sum(other > score + 1e-9 for other in scores) for score in scores]


def test_intervals_and_sensitivities_are_those_of_an_independent_computation() -> None:
    made = random.Random(9)
    draws, spread, names = 1000, 0.25, ["first", "second", "third"]
    table: dict[str, list[float | None]] = {name: [made.uniform(0, 100) for _ in range(12)] for name in names}
    derivation = Derivation()
    derivation.flat(table, **DRAWN | {"draws": draws})
    derivation.derive()
    columns = {name: [value or 0 for value in column] for name, column in table.items()}
    scaled = {
        "min_max": {
            name: [1 + 99 * (x - min(column)) / (max(column) - min(column)) for x in column]
            for name, column in columns.items()
        },
        "percentile_rank": {
            name: [1 + 99 * sorted(column).index(x) / (len(column) - 1) for x in column]
            for name, column in columns.items()
        },
    }
    own = competition([sum(scaled["min_max"][name][at] for name in names) for at in range(12)])
    ranks, shifts, choices = [], [], []
    for draw in range(1, draws + 1):
        weights = {name: 1 + spread * (2 * number(7, draw, name) - 1) for name in names}
        normalise = ["min_max", "percentile_rank"][int(2 * number(7, draw, "normalise"))]
        aggregate = ["arithmetic", "geometric"][int(2 * number(7, draw, "aggregate"))]
        shape = math.log if aggregate == "geometric" else float
        ranks.append(
            competition(
                [
                    sum(weights[name] * shape(scaled[normalise][name][at]) for name in names)
                    / sum(weights.values())
                    for at in range(12)
                ]
            )
        )
        shifts.append(sum(abs(a - b) for a, b in zip(ranks[-1], own, strict=True)) / 12)
        choices.append(
            {"normalise": normalise, "aggregate": aggregate}
            | {name: str(int(20 * number(7, draw, name))) for name in names}
        )
    intervals = derivation.rows(
        "select subject, rank_p05, rank_median, rank_p95 from mart_index_uncertainty where kind = 'area' order by 1"
    )
    for at, (_, *found) in enumerate(intervals):
        of_area = sorted(drawn[at] for drawn in ranks)
        assert found == [of_area[math.ceil(share * draws) - 1] for share in (0.05, 0.5, 0.95)]
    mean = statistics.fmean(shifts)
    whole = sum((shift - mean) ** 2 for shift in shifts)
    for factor, first_order in derivation.rows(
        "select subject, first_order from mart_index_uncertainty where kind <> 'area'"
    ):
        classes: dict[str, list[float]] = {}
        for choice, shift in zip(choices, shifts, strict=True):
            classes.setdefault(choice[factor], []).append(shift)
        means = {name: statistics.fmean(of_class) for name, of_class in classes.items()}
        between = sum(len(of_class) * (means[name] - mean) ** 2 for name, of_class in classes.items())
        expected = between - (len(classes) - 1) * (whole - between) / (draws - len(classes))
        assert first_order == pytest.approx(expected / whole, abs=1e-8)
