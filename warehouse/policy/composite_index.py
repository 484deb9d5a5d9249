"""What a bureau's own composite indices must say before anything is loaded: their trees.

Names must be registered, every node must hang on the root, every number must be one that can be computed with. What is
wrong is said at once. Not here: the ways to compute an index (`index_variant.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from warehouse.policy.refusal import Problem, refuse
from warehouse.policy.supplement import Line, is_number

ROOT = "index"
NODE_NUMBERS = ("weight", "goalpost_low", "goalpost_high", "target")
AREA_TYPES = ("total", "urban", "rural", "")


@dataclass(frozen=True)
class Named:
    """What indices may name.

    Attributes:
        directions: indicator to its direction: 1, -1, 0 where it has none.
        areas: codes of areas.
        levels: the levels that areas have.
        groups: declared groups of areas.
        nodes: the rows of the indices that are registered already.
        variants: the ways to compute them that are registered already.
    """

    directions: Mapping[str, int]
    areas: frozenset[str]
    levels: frozenset[str]
    groups: frozenset[str]
    nodes: Sequence[Line]
    variants: Sequence[Line]


def check_nodes(file: object, nodes: Mapping[int, Line], variants: Iterable[Line], known: Named) -> None:
    """Holds the rows of `composite_index.csv` together with the registers, and with the rows of `index_variant.csv`.

    Args:
        file: the file, for the message.
        nodes: its rows by their numbers.
        variants: the rows of the other.
        known: what they may name.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    computed = {row["index_id"] for row in variants}
    rows = list(nodes.values())
    found = [
        (number, problem)
        for at, (number, row) in enumerate(nodes.items())
        for problem in _node(row, rows[:at], rows, computed, known)
    ]
    refuse(file, found)


def word(column: str, said: str, words: Sequence[str]) -> Iterator[Problem]:
    """The problem of a word that is none of those known; an empty one among them may be left out."""
    if said not in words:
        yield "index.unknown_word", {"column": column, "name": said, "known": ", ".join(filter(None, words))}


def numbers(
    row: Line, columns: tuple[str, ...], is_one: Callable[[str], bool] = is_number
) -> Iterator[Problem]:
    """The problem of each column that says something that is no number."""
    for column in columns:
        if row[column] and not is_one(row[column]):
            yield "index.not_a_number", {"column": column, "name": row[column]}


def within(row: Line, column: str, low: float, high: float) -> Iterator[Problem]:
    """The problem of a number that lies outside of what it may be; of a text that is no number there is another."""
    if is_number(row[column]) and not low <= float(row[column]) <= high:
        allowed = f"≥ {low:g}" if high == float("inf") else f"{low:g}–{high:g}"
        yield "index.out_of_range", {"column": column, "name": row[column], "allowed": allowed}


def _node(
    row: Line, before: list[Line], nodes: list[Line], computed: set[str], known: Named
) -> Iterator[Problem]:
    own = [other for other in nodes if other["index_id"] == row["index_id"]]
    registered = {other["index_id"] for other in known.nodes}
    taken = {other["node"] for other in before if other["index_id"] == row["index_id"]}
    is_named = row["index_id"] and row["node"] and "/" not in row["node"]
    if not is_named or row["index_id"] in registered or row["node"] in taken:
        yield "index.no_new_name", {"name": f"{row['index_id']}/{row['node']}"}
    if not _hangs(row, {other["node"]: other["parent"] for other in own if other["node"]}):
        yield "index.unknown_parent", {"name": row["node"], "parent": row["parent"]}
    is_parent = row["node"] != "" and any(other["parent"] == row["node"] for other in own)
    if is_parent == bool(row["indicator"]) or (row["node"] == ROOT and row["indicator"]):
        yield "index.no_indicator", {"name": row["node"]}
    for column, value in (("indicator", row["indicator"]), ("denominator", row["denominator"])):
        if value and value not in known.directions:
            yield "index.unknown_indicator", {"column": column, "name": value}
    if known.directions.get(row["indicator"]) == 0 and not row["direction"]:
        yield "index.no_direction", {"name": row["indicator"]}
    yield from word("direction", row["direction"], ("1", "-1", ""))
    for column in ("area_type", "denominator_area_type"):
        yield from word(column, row[column], AREA_TYPES)
    yield from numbers(row, (*NODE_NUMBERS, "min_present_share"))
    yield from within(row, "min_present_share", 0, 1)
    if is_number(row["weight"]) and float(row["weight"]) <= 0:
        yield "index.no_weight", {"name": row["weight"]}
    if row["node"] == ROOT and row["index_id"] and row["index_id"] not in computed:
        yield "index.no_variant", {"name": row["index_id"]}


def _hangs(row: Line, parents: Mapping[str, str]) -> bool:
    """Whether the node above is there, and does not itself hang below this one; the root has none above."""
    if row["node"] == ROOT or row["parent"] not in parents:
        return row["node"] == ROOT and row["parent"] == ""
    above = row["parent"]
    for _ in parents:
        if above == row["node"] or above not in parents:
            break
        above = parents[above]
    return above != row["node"] or above not in parents
