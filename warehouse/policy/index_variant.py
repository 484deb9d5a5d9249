"""What a bureau's ways to compute a composite index must say before anything is loaded.

Every step must be named, and an index must have all that a step needs. What is wrong is said at once. Not here: the
tree of an index (`composite_index.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from warehouse.policy.composite_index import Named, numbers, within, word
from warehouse.policy.refusal import Problem, refuse
from warehouse.policy.supplement import Line, is_number, is_whole

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
VARIANT_NUMBERS = ("scale_low", "scale_high", "weight_spread_pct")
WHOLE_NUMBERS = ("first_year", "last_year", "winsorised_points", "draws", "drawn_years", "seed")
SCALE = {"scale_low": "0", "scale_high": "100"}
"""The scale where none is said."""
ANY = float("inf")


def check_variants(file: object, variants: Mapping[int, Line], nodes: Iterable[Line], known: Named) -> None:
    """Holds the rows of `index_variant.csv` together with the registers, and with the rows of `composite_index.csv`.

    Args:
        file: the file, for the message.
        variants: its rows by their numbers.
        nodes: the rows of the other.
        known: what they may name.

    Raises:
        WarehouseError: `register.refused` with all that is wrong, row by row, each with its remedy.
    """
    trees = [*known.nodes, *nodes]
    rows = list(variants.values())
    found = [
        (number, problem)
        for at, (number, row) in enumerate(variants.items())
        for problem in _variant(row, rows[:at], rows, trees, known)
    ]
    refuse(file, found)


def _variant(
    row: Line, before: list[Line], variants: list[Line], trees: list[Line], known: Named
) -> Iterator[Problem]:
    name = (row["index_id"], row["variant"])
    if not row["variant"] or name in {
        (one["index_id"], one["variant"]) for one in (*known.variants, *before)
    }:
        yield "index.no_new_name", {"name": "/".join(name)}
    tree = [node for node in trees if node["index_id"] == row["index_id"]]
    if tree:
        yield from _headline(row, before, variants, known)
    else:
        yield "index.unknown_index", {"name": row["index_id"]}
    yield from _scope(row, known)
    for step, words in STEPS.items():
        yield from word(step, row[step], words)
    for column, words in (("aggregate", MEANS), ("draw_normalise", SCALED), ("draw_aggregate", DRAWN_MEANS)):
        for one in row[column].split() or ([""] if column == "aggregate" else []):
            yield from word(column, one, words)
    yield from numbers(row, VARIANT_NUMBERS)
    yield from numbers(row, WHOLE_NUMBERS, is_whole)
    points = row | {"winsorised_points": row["winsorised_points"] or "0"}
    yield from within(points, "winsorised_points", 1 if row["treat"] == "winsorise" else 0, ANY)
    yield from within(row, "draws", 0, ANY)
    yield from within(row, "drawn_years", 0 if row["draws"] in ("", "0") else 1, ANY)
    yield from within(row, "weight_spread_pct", 0, 100)
    yield from _scale(row)
    yield from _held_against(row, tree)


def _headline(row: Line, before: list[Line], variants: list[Line], known: Named) -> Iterator[Problem]:
    """An index has one variant to quote: with two, or none, nobody knows which."""
    yield from word("is_headline", row["is_headline"].lower(), ("true", "false", ""))

    def own(rows: list[Line]) -> list[Line]:
        return [one for one in (*known.variants, *rows) if one["index_id"] == row["index_id"]]

    quoted = [one["variant"] for one in own(before) if _is_headline(one)]
    if quoted and _is_headline(row):
        yield "index.second_headline", {"name": row["variant"], "other": quoted[0]}
    if not own(before) and not any(map(_is_headline, own(variants))):
        yield "index.no_headline", {"name": row["index_id"]}


def _is_headline(row: Line) -> bool:
    """Whether a variant is meant to be quoted, if in another word than is known."""
    return row["is_headline"].lower() not in ("false", "")


def _scope(row: Line, known: Named) -> Iterator[Problem]:
    """Which areas and years are scored."""
    yield from word("area_level", row["area_level"], ("", *sorted(known.levels)))
    if row["area_parent"] and row["area_parent"] not in known.areas:
        yield "index.unknown_area", {"column": "area_parent", "name": row["area_parent"]}
    if row["area_group"] and row["area_group"] not in known.groups:
        yield "index.unknown_area", {"column": "area_group", "name": row["area_group"]}
    if is_whole(row["first_year"]):
        yield from within(row, "last_year", int(row["first_year"]), ANY)


def _scale(row: Line) -> Iterator[Problem]:
    """The scale rises, and is above 0 where a mean needs it; of a z-score, mean and deviation are said instead."""
    low, high = (row[column] or default for column, default in SCALE.items())
    if not is_number(low) or not is_number(high) or row["normalise"] not in STEPS["normalise"]:
        return
    least = {"z_score": 0.0, "none": -ANY}.get(row["normalise"], float(low))
    if float(high) <= least:
        yield "index.out_of_range", {"column": "scale_high", "name": high, "allowed": f"> {least:g}"}
    is_positive = row["normalise"] in SCALED and float(low) > 0
    if set(row["aggregate"].split()) & set(POSITIVE_MEANS) and not is_positive:
        yield "index.not_positive", {"name": row["aggregate"]}


def _held_against(row: Line, tree: list[Line]) -> Iterator[Problem]:
    """Whether indicators have what they are divided by, and each the goalposts or target that it is held against."""
    leaves = [node for node in tree if node["indicator"]]
    if tree and row["denominate"] == "by_denominator" and not any(leaf["denominator"] for leaf in leaves):
        yield "index.no_denominator", {"name": row["index_id"]}
    lacking = {
        "goalposts": [leaf["node"] for leaf in leaves if not _has_goalposts(leaf)],
        "distance_to_target": [leaf["node"] for leaf in leaves if not is_number(leaf["target"])],
    }
    for column in ("normalise", "draw_normalise"):
        for method in row[column].split():
            if lacking.get(method):
                problem = "index.no_goalposts" if method == "goalposts" else "index.no_target"
                yield problem, {"column": column, "nodes": ", ".join(lacking[method])}


def _has_goalposts(leaf: Line) -> bool:
    low, high = leaf["goalpost_low"], leaf["goalpost_high"]
    return is_number(low) and is_number(high) and float(low) < float(high)
