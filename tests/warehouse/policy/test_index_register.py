"""A bureau's own indices are held together with the registers before anything is loaded."""

from typing import Any

import pytest

from warehouse.errors import WarehouseError
from warehouse.policy import composite_index, index_variant
from warehouse.policy.composite_index import Named
from warehouse.policy.supplement import Line, columns


def lines(register: str, rows: list[dict[str, str]]) -> list[Line]:
    return [{name: row.get(name, "") for name in columns(register)} for row in rows]


def check_nodes(file: str, tree: list[Line], ways: list[Line], known: Named) -> None:
    composite_index.check_nodes(file, dict(enumerate(tree, start=2)), ways, known)


def check_variants(file: str, ways: list[Line], tree: list[Line], known: Named) -> None:
    index_variant.check_variants(file, dict(enumerate(ways, start=2)), tree, known)


KNOWN = Named(
    directions={"income": 1, "ratio": -1, "residents": 0},
    areas=frozenset({"000000", "330000"}),
    levels=frozenset({"province", "county"}),
    groups=frozenset({"delta"}),
    nodes=lines(
        "composite_index",
        [
            {"index_id": "bundled", "node": "index"},
            {"index_id": "bundled", "node": "a", "parent": "index", "indicator": "income", "target": "5"},
        ],
    ),
    variants=lines("index_variant", [{"index_id": "bundled", "variant": "equal", "is_headline": "true"}]),
)
TREE = [
    {"node": "index"},
    {"node": "d", "parent": "index"},
    {"node": "a", "parent": "d", "indicator": "income"},
    {"node": "b", "parent": "d", "indicator": "ratio", "denominator": "residents", "weight": "2"},
]
VARIANT = {
    "index_id": "x", "variant": "v", "is_headline": "true", "denominate": "none", "impute": "none", "treat": "none",
    "normalise": "min_max", "reference": "pooled", "weigh": "equal", "aggregate": "arithmetic geometric",
    "scale_low": "1", "scale_high": "100", "area_group": "delta",
}  # fmt: skip


def nodes(*rows: dict[str, str]) -> list[Line]:
    return lines("composite_index", [{"index_id": "x"} | row for row in rows])


def refused(call: Any, *arguments: Any) -> list[str]:
    with pytest.raises(WarehouseError) as raised:
        call(*arguments)
    return [problem.code for problem in raised.value.details["problems"]]


def variants(*rows: dict[str, str]) -> list[Line]:
    return lines("index_variant", [VARIANT | row for row in rows])


def test_a_tree_and_its_variants_pass() -> None:
    tree = nodes(*TREE)
    ways = variants(
        {"denominate": "by_denominator"}, {"variant": "w", "is_headline": "FALSE", "area_level": "county"}
    )
    check_nodes("f.csv", tree, ways, KNOWN)
    check_variants("f.csv", ways, tree, KNOWN)


def test_a_variant_may_be_added_to_an_index_that_is_there() -> None:
    check_variants("f.csv", variants({"index_id": "bundled", "is_headline": ""}), [], KNOWN)


LEAF = {"node": "c", "parent": "d", "indicator": "income"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"node": "a"}, "index.no_new_name"),
        ({"node": "c/d"}, "index.no_new_name"),
        ({"node": ""}, "index.no_new_name"),
        ({"parent": "nowhere"}, "index.unknown_parent"),
        ({"parent": "c", "indicator": ""}, "index.unknown_parent"),
        ({"indicator": ""}, "index.no_indicator"),
        ({"indicator": "wages"}, "index.unknown_indicator"),
        ({"denominator": "heads"}, "index.unknown_indicator"),
        ({"indicator": "residents"}, "index.no_direction"),
        ({"direction": "up"}, "index.unknown_word"),
        ({"indicator": "residents", "direction": "2"}, "index.unknown_word"),
        ({"area_type": "town"}, "index.unknown_word"),
        ({"weight": "much"}, "index.not_a_number"),
        ({"weight": "0"}, "index.no_weight"),
        ({"weight": "-1"}, "index.no_weight"),
        ({"min_present_share": "67"}, "index.out_of_range"),
        ({"min_present_share": "-0.1"}, "index.out_of_range"),
    ],
)
def test_a_node_that_says_nothing_that_can_be_computed_is_refused(row: dict[str, str], code: str) -> None:
    assert refused(check_nodes, "f.csv", nodes(*TREE, LEAF | row), variants({}), KNOWN) == [code]


def test_an_index_that_is_registered_already_takes_no_nodes() -> None:
    row = {"index_id": "bundled"} | LEAF
    assert "index.no_new_name" in refused(check_nodes, "f.csv", nodes(*TREE, row), variants({}), KNOWN)


def test_an_indicator_has_nothing_below_it_and_the_root_has() -> None:
    row = {"node": "c", "parent": "a", "indicator": "income"}
    assert refused(check_nodes, "f.csv", nodes(*TREE, row), variants({}), KNOWN) == ["index.no_indicator"]
    row = {"node": "index", "indicator": "income"}
    assert refused(check_nodes, "f.csv", nodes(row), variants({}), KNOWN) == ["index.no_indicator"]


@pytest.mark.parametrize(
    ("tree", "named"),
    [
        ([{"node": "d"}, *TREE[2:]], ["d"]),
        (TREE[1:], ["d"]),
        ([TREE[0], {"node": "d", "parent": "a"}, {"node": "a", "parent": "d"}, TREE[3]], ["d", "a"]),
        ([{"node": "index", "parent": "d"}, *TREE[1:]], ["index", "d"]),
    ],
)
def test_only_the_nodes_where_the_tree_is_torn_are_named(
    tree: list[dict[str, str]], named: list[str]
) -> None:
    with pytest.raises(WarehouseError) as raised:
        check_nodes("f.csv", nodes(*tree), variants({}), KNOWN)
    problems = [one for one in raised.value.details["problems"] if one.code == "index.unknown_parent"]
    assert [one.details["name"] for one in problems] == named


def test_an_index_that_nothing_computes_is_refused_once() -> None:
    assert refused(check_nodes, "f.csv", nodes(*TREE), [], KNOWN) == ["index.no_variant"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"variant": ""}, "index.no_new_name"),
        ({"index_id": "bundled", "variant": "equal", "is_headline": ""}, "index.no_new_name"),
        ({"index_id": "y"}, "index.unknown_index"),
        ({"treat": ""}, "index.unknown_word"),
        ({"normalise": "minmax"}, "index.unknown_word"),
        ({"aggregate": ""}, "index.unknown_word"),
        ({"is_headline": "yes"}, "index.unknown_word"),
        ({"draw_normalise": "min_max z_score"}, "index.unknown_word"),
        ({"area_level": "provinces"}, "index.unknown_word"),
        ({"area_group": "alps"}, "index.unknown_area"),
        ({"area_parent": "999999"}, "index.unknown_area"),
        ({"draws": "many"}, "index.not_a_number"),
        ({"draws": "-1"}, "index.out_of_range"),
        ({"draws": "100", "drawn_years": "0"}, "index.out_of_range"),
        ({"weight_spread_pct": "150"}, "index.out_of_range"),
        ({"first_year": "2020", "last_year": "2019"}, "index.out_of_range"),
        ({"scale_low": "0"}, "index.not_positive"),
        ({"scale_low": ""}, "index.not_positive"),
        ({"normalise": "z_score"}, "index.not_positive"),
        ({"scale_low": "100"}, "index.out_of_range"),
        ({"scale_low": "200", "scale_high": ""}, "index.out_of_range"),
        ({"normalise": "z_score", "aggregate": "arithmetic", "scale_high": "0"}, "index.out_of_range"),
        ({"normalise": "goalposts"}, "index.no_goalposts"),
        ({"draw_normalise": "min_max goalposts"}, "index.no_goalposts"),
        ({"normalise": "distance_to_target"}, "index.no_target"),
        ({"treat": "winsorise"}, "index.out_of_range"),
        ({"treat": "winsorise_or_log", "winsorised_points": "-1"}, "index.out_of_range"),
        ({"index_id": "bundled"}, "index.second_headline"),
        (
            {"index_id": "bundled", "is_headline": "", "denominate": "by_denominator"},
            "index.no_denominator",
        ),
        ({"is_headline": "false"}, "index.no_headline"),
    ],
)
def test_a_variant_that_cannot_be_computed_is_refused(changed: dict[str, str], code: str) -> None:
    assert refused(check_variants, "f.csv", variants(changed), nodes(*TREE), KNOWN) == [code]


def test_one_variant_of_an_index_is_the_one_to_quote() -> None:
    two = variants({}, {"variant": "w"})
    none = variants({"is_headline": "false"}, {"variant": "w", "is_headline": ""})
    for rows, code in ((two, "index.second_headline"), (none, "index.no_headline")):
        assert refused(check_variants, "f.csv", rows, nodes(*TREE), KNOWN) == [code]


def test_what_an_indicator_is_held_against_is_missed_by_the_name_of_the_node() -> None:
    held = [
        {"goalpost_low": "1", "goalpost_high": "4", "target": "2"},
        {"goalpost_low": "4", "goalpost_high": "1"},
    ]
    tree = nodes(*TREE[:2], *(leaf | said for leaf, said in zip(TREE[2:], held, strict=True)))
    for normalise in ("goalposts", "distance_to_target"):
        with pytest.raises(WarehouseError) as raised:
            check_variants("f.csv", variants({"normalise": normalise}), tree, KNOWN)
        (problem,) = raised.value.details["problems"]
        assert problem.details["nodes"] == "b"
    check_variants(
        "f.csv",
        variants({"index_id": "bundled", "is_headline": "", "normalise": "distance_to_target"}),
        [],
        KNOWN,
    )


def test_a_z_score_may_have_a_deviation_below_its_mean() -> None:
    way = variants({"normalise": "z_score", "aggregate": "arithmetic", "scale_low": "50", "scale_high": "10"})
    check_variants("f.csv", way, nodes(*TREE), KNOWN)
