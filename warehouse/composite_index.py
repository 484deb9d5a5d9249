"""What a bureau's own composite indices must say before anything is loaded: their trees, and the ways to compute them.

Names must be registered, every node must hang on the root, every step must be named. What is wrong is said at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sources.errors import TongjiError
from warehouse.errors import WarehouseError
from warehouse.supplement import Line, is_number, is_whole

ROOT = "index"
POSITIVE_MEANS = ("geometric", "harmonic")
MEANS = ("arithmetic", *POSITIVE_MEANS)
SCALED = ("min_max", "percentile_rank", "goalposts", "distance_to_target")
STEPS = {
    "denominate": ("none", "by_denominator"),
    "impute": ("none", "mean", "median", "parent_mean", "parent_median"),
    "treat": ("none", "winsorise", "winsorise_or_log"),
    "normalise": ("none", "z_score", *SCALED),
    "reference": ("pooled", "by_year"),
    "weigh": ("equal", "expert", "entropy", "entropy_shifted", "pca"),
}
"""The words for each step of a variant."""
DRAWN_MEANS = ("arithmetic", "geometric")
NODE_NUMBERS = ("weight", "goalpost_low", "goalpost_high", "target", "min_present_share")
VARIANT_NUMBERS = ("scale_low", "scale_high", "weight_spread_pct")
WHOLE_NUMBERS = ("first_year", "last_year", "winsorised_points", "draws", "drawn_years", "seed")
Problem = tuple[str, dict[str, object]]


@dataclass(frozen=True)
class Named:
    """What indices may name.

    Attributes:
        directions: indicator to its direction: 1, -1, 0 where it has none.
        areas: codes of areas.
        groups: declared groups of areas.
        indices: indices that are registered already.
        variants: index and variant of those that are registered already.
    """

    directions: Mapping[str, int]
    areas: frozenset[str]
    groups: frozenset[str]
    indices: frozenset[str]
    variants: frozenset[tuple[str, str]]


def check_nodes(file: object, nodes: list[Line], known: Named) -> None:
    """Holds the rows of `composite_index.csv` together with the registers.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    _refuse(file, (_node(row, nodes[:at], nodes, known) for at, row in enumerate(nodes)))


def check_variants(file: object, variants: list[Line], nodes: list[Line], known: Named) -> None:
    """Holds the rows of `index_variant.csv` together with the registers.

    Raises:
        WarehouseError: `register.refused`, as above.
    """
    indices = known.indices | {row["index_id"] for row in nodes}
    _refuse(file, (_variant(row, variants[:at], indices, known) for at, row in enumerate(variants)))


def _refuse(file: object, found: Iterator[Iterator[Problem]]) -> None:
    problems = [
        WarehouseError(problem, row=number, **told)
        for number, row in enumerate(found, start=2)
        for problem, told in row
    ]
    if problems:
        raise WarehouseError("register.refused", file=file, problems=tuple[TongjiError, ...](problems))


def _node(row: Line, before: list[Line], nodes: list[Line], known: Named) -> Iterator[Problem]:
    own = [other for other in nodes if other["index_id"] == row["index_id"]]
    taken = {other["node"] for other in before if other["index_id"] == row["index_id"]}
    if not row["index_id"] or row["index_id"] in known.indices or not row["node"] or row["node"] in taken:
        yield "index.no_new_name", {"name": f"{row['index_id']}/{row['node']}"}
    if not _hangs(row, {other["node"]: other["parent"] for other in own}):
        yield "index.unknown_parent", {"name": row["node"], "parent": row["parent"]}
    is_parent = any(other["parent"] == row["node"] for other in own)
    if is_parent == bool(row["indicator"]):
        yield "index.no_indicator", {"name": row["node"]}
    for column, value in (("indicator", row["indicator"]), ("denominator", row["denominator"])):
        if value and value not in known.directions:
            yield "index.unknown_indicator", {"column": column, "name": value}
    has_none = known.directions.get(row["indicator"]) == 0 and not row["direction"]
    if has_none or row["direction"] not in ("", "1", "-1"):
        yield "index.no_direction", {"name": row["indicator"]}
    for column in ("area_type", "denominator_area_type"):
        yield from _word(row, column, ("total", "urban", "rural", ""))
    yield from _numbers(row, NODE_NUMBERS)


def _hangs(row: Line, parents: Mapping[str, str]) -> bool:
    """Whether a node's parents lead to the root."""
    node = row["node"]
    for _ in parents:
        if node == ROOT:
            return parents[node] == ""
        node = parents.get(node, "")
    return False


def _variant(row: Line, before: list[Line], indices: frozenset[str], known: Named) -> Iterator[Problem]:
    name = (row["index_id"], row["variant"])
    taken = known.variants | {(other["index_id"], other["variant"]) for other in before}
    if not row["variant"] or name in taken:
        yield "index.no_new_name", {"name": "/".join(name)}
    if row["index_id"] not in indices:
        yield "index.unknown_index", {"name": row["index_id"]}
    for step, words in STEPS.items():
        yield from _word(row, step, words)
    for column, words in (("aggregate", MEANS), ("draw_normalise", SCALED), ("draw_aggregate", DRAWN_MEANS)):
        for word in row[column].split() or ([""] if column == "aggregate" else []):
            yield from _word({column: word}, column, words)
    yield from _word(row, "is_headline", ("true", "false", ""))
    if row["area_parent"] and row["area_parent"] not in known.areas:
        yield "index.unknown_area", {"column": "area_parent", "name": row["area_parent"]}
    if row["area_group"] and row["area_group"] not in known.groups:
        yield "index.unknown_area", {"column": "area_group", "name": row["area_group"]}
    yield from _numbers(row, VARIANT_NUMBERS)
    yield from _numbers(row, WHOLE_NUMBERS, is_whole)
    positive = row["normalise"] in SCALED and is_number(row["scale_low"]) and float(row["scale_low"]) > 0
    if set(row["aggregate"].split()) & set(POSITIVE_MEANS) and not positive:
        yield "index.not_positive", {"name": row["aggregate"]}


def _word(row: Line, column: str, words: tuple[str, ...]) -> Iterator[Problem]:
    if row[column] not in words:
        yield (
            "index.unknown_word",
            {"column": column, "name": row[column], "known": ", ".join(filter(None, words))},
        )


def _numbers(
    row: Line, columns: tuple[str, ...], is_one: Callable[[str], bool] = is_number
) -> Iterator[Problem]:
    for column in columns:
        if row[column] and not is_one(row[column]):
            yield "index.not_a_number", {"column": column, "name": row[column]}
