"""The steps of an index, one by one, against numpy and the definitions of COINr."""

import math
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.dbt_project.index.derivation import Derivation

STAGES = ("dim_composite_index", "dim_index_variant", "mart_index_indicator")
Macro = Callable[..., str]


def column(values: list[float | None], **variant: object) -> list[tuple[float | None, float | None, str]]:
    """The treated and the normalised value of each area, and what was done to it."""
    derivation = Derivation()
    declared = {name: variant.pop(name) for name in ("direction", "target") if name in variant}
    derivation.flat({"only": values}, **variant)
    for name, value in declared.items():
        derivation.connection.execute(
            f"update stg_composite_index set {name} = ? where node = 'only'", [value]
        )
    derivation.derive(*STAGES)
    found = derivation.rows(
        "select value_treated, value_normalised, treatment from mart_index_indicator order by ref_area"
    )
    return [(treated, normalised, treatment) for treated, normalised, treatment in found]


def skewness(x: np.ndarray) -> float:
    n, away = len(x), x - x.mean()
    return float(math.sqrt(n * (n - 1)) / (n - 2) * math.sqrt(n) * (away**3).sum() / (away**2).sum() ** 1.5)


def kurtosis(x: np.ndarray) -> float:
    n, away = len(x), x - x.mean()
    plain = n * (away**4).sum() / (away**2).sum() ** 2
    return float(((n + 1) * (plain - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def passes(x: np.ndarray) -> bool:
    return len(x) < 4 or np.ptp(x) == 0 or abs(skewness(x)) <= 2 or kurtosis(x) <= 3.5


def winsorised(values: list[float], points: int) -> np.ndarray:
    """As COINr does it: the extreme becomes the next, ties at once, until the column passes."""
    x = np.array(values)
    highest: np.ndarray = np.array([], dtype=int)
    lowest = highest
    while not passes(x) and len(highest) + len(lowest) < points:
        if skewness(x) >= 0:
            highest = np.flatnonzero(x == x.max())
            x[highest] = np.delete(x, highest).max()
        else:
            lowest = np.flatnonzero(x == x.min())
            x[lowest] = np.delete(x, lowest).min()
    return x


@settings(max_examples=40)
@given(
    st.lists(st.floats(-10, 10).map(lambda x: round(x, 2)), min_size=5, max_size=30),
    st.lists(st.sampled_from([-900.0, -400.0, 60.0, 400.0, 400.0, 900.0, 5000.0]), max_size=4),
    st.integers(0, 6),
)
def test_outliers_are_drawn_in_as_coinr_does(body: list[float], outliers: list[float], points: int) -> None:
    found = [
        treated for treated, *_ in column([*body, *outliers], treat="winsorise", winsorised_points=points)
    ]
    assert found == pytest.approx(winsorised([*body, *outliers], points))


def test_what_winsorising_does_not_mend_is_a_logarithm_of_the_values_as_they_were() -> None:
    values = [float(at % 7) for at in range(30)] + [1000.0, 2000.0, 3000.0]
    found = column([*values], treat="winsorise_or_log", winsorised_points=1)
    spread = max(values) - min(values)
    assert [treated for treated, *_ in found] == pytest.approx(
        [math.log(value - min(values) + 0.01 * spread) for value in values]
    )
    assert {treatment for *_, treatment in found} == {"log"}


def test_a_logarithm_is_not_held_against_a_target() -> None:
    values = [float(at % 7) for at in range(30)] + [1000.0, 2000.0, 3000.0]
    found = column(
        [*values], treat="winsorise_or_log", winsorised_points=1, normalise="distance_to_target", target=10
    )
    assert {treatment for *_, treatment in found} == {"none", "winsorised_high"}


VALUES = [3.0, None, -1.0, 8.0, 8.0, 4.5]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"normalise": "min_max"}, [44.444444, None, 0, 100, 100, 61.111111]),
        ({"normalise": "min_max", "direction": -1}, [55.555556, None, 100, 0, 0, 38.888889]),
        ({"normalise": "percentile_rank"}, [25, None, 0, 75, 75, 50]),
        ({"normalise": "percentile_rank", "direction": -1}, [75, None, 100, 0, 0, 50]),
        ({"normalise": "distance_to_target", "target": 5}, [66.666667, None, 0, 100, 100, 91.666667]),
        ({"normalise": "distance_to_target", "target": 2, "direction": -1}, [83.333333, None, 100, 0, 0, 58.333333]),
        ({"normalise": "distance_to_target", "target": -9}, [100, None, 100, 100, 100, 100]),
        ({"normalise": "distance_to_target"}, [None] * 6),
        ({"normalise": "goalposts"}, [None] * 6),
        ({"normalise": "none", "direction": -1}, [-3, None, 1, -8, -8, -4.5]),
    ],
)  # fmt: skip
def test_a_column_comes_to_a_common_scale(declared: dict[str, object], expected: list[float | None]) -> None:
    found = [normalised for _, normalised, _ in column([*VALUES], **declared)]
    assert [value is None for value in found] == [value is None for value in expected]
    assert [value for value in found if value is not None] == pytest.approx(
        [value for value in expected if value is not None]
    )


def test_z_scores_have_the_mean_and_the_deviation_that_are_asked_for() -> None:
    found = column([*VALUES], normalise="z_score", scale_low=50, scale_high=10)
    scores = [normalised for _, normalised, _ in found if normalised is not None]
    assert np.mean(scores) == pytest.approx(50)
    assert np.std(scores, ddof=1) == pytest.approx(10)


@pytest.mark.parametrize("normalise", ["min_max", "z_score"])
def test_a_column_without_spread_is_not_scored(normalise: str) -> None:
    assert {value for _, value, _ in column([2.0, 2.0, None], normalise=normalise)} == {None}


@settings(max_examples=25)
@given(st.integers(2, 12), st.integers(0, 10**6))
def test_the_leading_vector_is_that_of_numpy(macro: Macro, size: int, seed: int) -> None:
    made = np.random.default_rng(seed)
    common = made.normal(size=(60, 1))
    matrix = np.corrcoef((made.normal(size=(60, size)) + made.uniform(-2, 2, size) * common).T)
    sql = f"select {macro('leading_vector', 'matrix')} from (select ?::double[][] as matrix)"
    ((found,),) = duckdb.connect().execute(sql, [matrix.tolist()]).fetchall()
    values, vectors = np.linalg.eigh(matrix)
    expected = vectors[:, -1]
    # Where loadings cancel out, or two components weigh the same, there is no sign and no first one.
    assume(abs(expected.sum()) > 0.01 and values[-1] - values[-2] > 0.01)
    assert found == pytest.approx(list(expected * np.sign(expected.sum())), abs=1e-6)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("arithmetic  geometric ", "arithmetic geometric"),
        ("min_max\u3000goalposts", "min_max goalposts"),
        ("", None),
    ],
)
def test_words_are_read_whatever_blanks_lie_between_them(macro: Macro, said: str, read: str | None) -> None:
    found = duckdb.connect().execute(f"select {macro('words', 'said')} from (select ? as said)", [said])
    assert found.fetchall() == [(read,)]


def test_each_derivation_is_a_database_of_its_own_that_fills_neither_memory_nor_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = Derivation(memory_limit="64MB"), Derivation(memory_limit="64MB")
    first.areas(["A"])
    assert second.rows("from dim_ref_area") == []
    with pytest.raises(duckdb.OutOfMemoryException):
        first.rows("create table hashes as select hash(range) from range(50_000_000)")
    assert not list(tmp_path.iterdir())


def test_negative_loadings_are_told() -> None:
    made = random.Random(2)
    base = [made.gauss(0, 1) for _ in range(40)]
    table: dict[str, list[float | None]] = {
        "first": [x + made.gauss(0, 0.2) for x in base],
        "second": [x + made.gauss(0, 0.2) for x in base],
        "against": [-x + made.gauss(0, 0.2) for x in base],
    }
    derivation = Derivation()
    derivation.flat(table, weigh="pca")
    derivation.derive(*STAGES, "mart_index_weight")
    found = derivation.rows(
        "select node, is_negative, sum(weight) over () from mart_index_weight where parent = 'index' order by node"
    )
    assert found == [(name, name == "against", pytest.approx(1)) for name in ("against", "first", "second")]
