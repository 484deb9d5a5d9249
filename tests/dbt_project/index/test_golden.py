"""The index of four areas against figures that were computed by hand."""

import pytest

from tests.dbt_project.index.derivation import Derivation
from tests.dbt_project.index.four_areas import FIGURES, GROUP, INDEX, NODES, VARIANTS, YEAR


@pytest.fixture(scope="module")
def derived() -> Derivation:
    derivation = Derivation()
    derivation.put("stg_composite_index", NODES)
    derivation.put("stg_index_variant", VARIANTS)
    derivation.areas([*FIGURES, "330100"], level="prefecture")
    derivation.put("dim_ref_area_group", [{"area_group": GROUP, "ref_area": area} for area in FIGURES])
    derivation.put(
        "dim_indicator",
        [
            {"indicator": "urban_rural_income_ratio", "direction": -1},
            {"indicator": "disposable_income_per_capita", "direction": 1},
        ],
    )
    for area, (ratio, income) in {**FIGURES, "330100": (1.6, 52000)}.items():
        derivation.values(
            [
                (area, YEAR, "urban_rural_income_ratio", "total", ratio),
                (area, YEAR, "disposable_income_per_capita", "rural", income),
            ]
        )
    derivation.derive()
    return derivation


def test_only_the_areas_of_the_group_are_compared(derived: Derivation) -> None:
    found = derived.rows("select distinct ref_area from mart_composite_index order by 1")
    assert [area for (area,) in found] == sorted(FIGURES)


def test_values_are_scaled_between_the_least_and_the_greatest_in_the_direction_that_is_better(
    derived: Derivation,
) -> None:
    found = dict(
        derived.rows(
            "select ref_area, list(value_normalised order by node) from mart_index_indicator"
            f" where index_id = '{INDEX}' and variant = 'entropy' group by all"
        )
    )
    assert found["000000"] == pytest.approx([0.191093, 0.080968], abs=1e-6)
    assert found["330000"] == pytest.approx([0.709308, 0.904337], abs=1e-6)
    assert found["610100"] == [0, 0]
    assert found["330122"] == [1, 1]


def test_weights_follow_from_entropy(derived: Derivation) -> None:
    found = derived.rows(
        "select weight, 1 - divergence from mart_index_weight where variant = 'entropy' and parent = 'index'"
        " order by node"
    )
    assert [weight for weight, _ in found] == pytest.approx([0.448801, 0.551199], abs=1e-6)
    assert [entropy for _, entropy in found] == pytest.approx([0.675670, 0.601672], abs=1e-6)


@pytest.mark.parametrize(
    ("variant", "area", "score"),
    [
        ("entropy", "330000", 0.816808),
        ("equal", "330000", 0.806823),
        ("geometric", "000000", 13.4007),
        ("equal_on_100", "000000", 14.467),
    ],
)
def test_scores_are_those_computed_by_hand(
    derived: Derivation, variant: str, area: str, score: float
) -> None:
    found = derived.rows(
        "select score_index from mart_composite_index"
        f" where node = 'index' and variant = '{variant}' and ref_area = '{area}'"
    )
    assert found[0][0] == pytest.approx(score, abs=1e-4 if score > 1 else 1e-6)
