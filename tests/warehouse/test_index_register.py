"""A bureau's own indices are held together with the registers before anything is loaded."""

from typing import Any

import pytest

from warehouse.composite_index import Named, check_nodes, check_variants
from warehouse.errors import WarehouseError
from warehouse.supplement import Line, columns

KNOWN = Named(
    directions={"income": 1, "ratio": -1, "residents": 0},
    areas=frozenset({"000000", "330000"}),
    groups=frozenset({"delta"}),
    indices=frozenset({"bundled"}),
    variants=frozenset({("bundled", "equal")}),
)
TREE = [
    {"node": "index"},
    {"node": "d", "parent": "index"},
    {"node": "a", "parent": "d", "indicator": "income"},
    {"node": "b", "parent": "d", "indicator": "ratio", "denominator": "residents", "weight": "2"},
]
VARIANT = {
    "index_id": "x", "variant": "v", "denominate": "none", "impute": "none", "treat": "none", "normalise": "min_max",
    "reference": "pooled", "weigh": "equal", "aggregate": "arithmetic geometric", "scale_low": "1",
    "scale_high": "100", "area_group": "delta",
}  # fmt: skip


def lines(register: str, rows: list[dict[str, str]]) -> list[Line]:
    return [{name: row.get(name, "") for name in columns(register)} for row in rows]


def nodes(*rows: dict[str, str]) -> list[Line]:
    return lines("composite_index", [{"index_id": "x"} | row for row in rows])


def refused(call: Any, *arguments: Any) -> list[str]:
    with pytest.raises(WarehouseError) as raised:
        call(*arguments)
    return [problem.code for problem in raised.value.details["problems"]]


def test_a_tree_and_its_variants_pass() -> None:
    tree = nodes(*TREE)
    check_nodes("f.csv", tree, KNOWN)
    check_variants("f.csv", lines("index_variant", [VARIANT]), tree, KNOWN)


def test_a_variant_may_be_added_to_an_index_that_is_there() -> None:
    check_variants("f.csv", lines("index_variant", [VARIANT | {"index_id": "bundled"}]), [], KNOWN)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"node": "a", "parent": "d", "indicator": "income"}, "index.no_new_name"),
        ({"index_id": "bundled", "node": "index", "indicator": "income"}, "index.no_new_name"),
        ({"node": "c", "parent": "nowhere", "indicator": "income"}, "index.unknown_parent"),
        ({"node": "c", "parent": "c", "indicator": "income"}, "index.unknown_parent"),
        ({"node": "c", "parent": "d"}, "index.no_indicator"),
        ({"node": "c", "parent": "d", "indicator": "wages"}, "index.unknown_indicator"),
        (
            {"node": "c", "parent": "d", "indicator": "income", "denominator": "heads"},
            "index.unknown_indicator",
        ),
        ({"node": "c", "parent": "d", "indicator": "residents"}, "index.no_direction"),
        ({"node": "c", "parent": "d", "indicator": "income", "direction": "up"}, "index.no_direction"),
        ({"node": "c", "parent": "d", "indicator": "income", "area_type": "town"}, "index.unknown_word"),
        ({"node": "c", "parent": "d", "indicator": "income", "weight": "much"}, "index.not_a_number"),
    ],
)
def test_a_node_that_says_nothing_that_can_be_computed_is_refused(row: dict[str, str], code: str) -> None:
    assert code in refused(check_nodes, "f.csv", nodes(*TREE, row), KNOWN)


def test_an_indicator_has_nothing_below_it() -> None:
    row = {"node": "c", "parent": "a", "indicator": "income"}
    assert refused(check_nodes, "f.csv", nodes(*TREE, row), KNOWN) == ["index.no_indicator"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"variant": ""}, "index.no_new_name"),
        ({"index_id": "bundled", "variant": "equal"}, "index.no_new_name"),
        ({"index_id": "y"}, "index.unknown_index"),
        ({"treat": ""}, "index.unknown_word"),
        ({"normalise": "minmax"}, "index.unknown_word"),
        ({"aggregate": ""}, "index.unknown_word"),
        ({"draw_normalise": "min_max z_score"}, "index.unknown_word"),
        ({"area_group": "alps"}, "index.unknown_area"),
        ({"area_parent": "999999"}, "index.unknown_area"),
        ({"draws": "many"}, "index.not_a_number"),
        ({"scale_low": "0"}, "index.not_positive"),
        ({"normalise": "z_score"}, "index.not_positive"),
    ],
)
def test_a_variant_that_cannot_be_computed_is_refused(changed: dict[str, str], code: str) -> None:
    rows = lines("index_variant", [VARIANT | changed])
    assert code in refused(check_variants, "f.csv", rows, nodes(*TREE), KNOWN)
