"""How many planted errors are found, explained and rightly mended, and how many clean values are accused.

Errors of all kinds are planted side by side, a dozen at a time, none on the row or in the column of another.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from random import Random

from tests.quality.kinds import KINDS, Kind
from tests.quality.panel import Cell, Change, Finding, Panel
from tests.quality.planting import Field, Planted, combined

TOGETHER = 12
NO_FINDING = Finding("", None, None, None)


def is_known_fault(cell: Cell) -> bool:
    """The three faults that the bundled files are known to have (see their source.yml), which are set aside."""
    if cell.source != "province_panel":
        return False
    return (
        (cell.ref_area, cell.ref_year, cell.area_type) == ("220000", 2017, "rural")
        or (cell.ref_year == 2004 and cell.area_type == "urban")
        or (cell.indicator == "resident_urbanization_rate" and 2001 <= cell.ref_year <= 2004)
    )


@dataclass
class Score:
    """What became of the planted errors of one kind and size; counts of errors, but for the last three, of cells."""

    planted: int = 0
    errors: int = 0
    warnings: int = 0
    culprits: int = 0
    suggested: int = 0
    right: int = 0
    by_confidence: Counter[tuple[str, bool]] = field(default_factory=Counter)
    cells: int = 0
    cells_found: int = 0
    bystanders: int = 0


def clean(panel: Panel) -> tuple[int, int, int]:
    """Of the panel as it is, without the known faults: observations, those called errors, those called warnings."""
    found = panel.findings(Change({}))
    cells = [cell for cell in panel.cells if not is_known_fault(cell)]
    called = Counter(found.get(cell.cell_id, NO_FINDING).severity for cell in cells)
    return len(cells), called["error"], called["warning"]


def measure(panel: Panel, each: int, seed: int, kinds: Sequence[Kind] = KINDS) -> dict[Kind, Score]:
    """Plants `each` errors of every kind and scores what the rules say of them."""
    random = Random(seed)
    ground = Field([cell for cell in panel.cells if not is_known_fault(cell)])
    before = panel.findings(Change({}))
    scores = {kind: Score() for kind in kinds}
    for together in _groups(random, ground, each, kinds):
        after = panel.findings(combined([one for _, one in together]))
        fresh = {
            cell_id: found for cell_id, found in after.items() if found.severity == "error"
            and before.get(cell_id, NO_FINDING).severity != "error"
        }  # fmt: skip
        wrong = {cell_id for _, one in together for cell_id in one.wrong}
        bystanders = [cell for cell in panel.cells if cell.cell_id in fresh.keys() - wrong]
        by_id = {cell.cell_id: cell for cell in panel.cells}
        for kind, one in together:
            near = sum(any(_beside(by_id[cell_id], other) for cell_id in one.texts) for other in bystanders)
            _score(scores[kind], kind, one, by_id, after, near)
    return scores


def _groups(
    random: Random, ground: Field, each: int, kinds: Sequence[Kind]
) -> Iterator[list[tuple[Kind, Planted]]]:
    """Errors of all kinds in random order, cut into groups that do not meet in a row, a column or an area and year."""
    waiting = [kind for kind in kinds for _ in range(each)]
    random.shuffle(waiting)
    by_id = {cell.cell_id: cell for cell in ground.cells}
    while waiting:
        group: list[tuple[Kind, Planted]] = []
        taken: set[tuple[object, ...]] = set()
        left = []
        for kind in waiting:
            planted = _drawn(random, ground, kind, taken, by_id) if len(group) < TOGETHER else None
            if planted is None:
                left.append(kind)
                continue
            group.append((kind, planted))
        waiting = left
        yield group


def _drawn(
    random: Random,
    ground: Field,
    kind: Kind,
    taken: set[tuple[object, ...]],
    by_id: Mapping[int, Cell],
) -> Planted | None:
    for _ in range(200):
        planted = kind.plant(random, ground, random.choice(ground.cells))
        if planted is None:
            continue
        places = {
            place for cell_id in (*planted.texts, *planted.repeated) for place in _places(by_id[cell_id])
        }
        if not places & taken:
            taken |= places
            return planted
    return None


def _places(cell: Cell) -> Iterator[tuple[object, ...]]:
    yield ("row", cell.series_no, cell.ref_area)
    yield ("column", cell.series_no, cell.ref_year)
    yield ("area and year", cell.ref_area, cell.ref_year)


def _beside(cell: Cell, other: Cell) -> bool:
    return bool(set(_places(cell)) & set(_places(other)))


def _score(
    score: Score,
    kind: Kind,
    planted: Planted,
    by_id: Mapping[int, Cell],
    after: Mapping[int, Finding],
    bystanders: int,
) -> None:
    found = {cell_id: after.get(cell_id, NO_FINDING) for cell_id in planted.wrong}
    changed = [cell_id for cell_id, text in planted.texts.items() if text] or list(planted.repeated)
    is_error = any(one.severity == "error" for one in found.values())
    score.planted += 1
    score.errors += is_error
    score.warnings += not is_error and any(one.severity == "warning" for one in found.values())
    score.culprits += is_error and not bystanders
    score.bystanders += bystanders
    score.cells += len(changed)
    score.cells_found += sum(found[cell_id].severity == "error" for cell_id in changed)
    if not kind.suggests:
        return
    for cell_id, meant in planted.meant.items():
        suggested = found[cell_id].suggested
        if suggested is not None:
            right = _same(suggested, meant, by_id[cell_id].multiplier)
            score.suggested += 1
            score.right += right
            score.by_confidence[found[cell_id].confidence or "", right] += 1


def _same(suggested: float, meant: str, multiplier: int) -> bool:
    """Whether a suggestion is what had been meant, to the last printed place."""
    half_unit = Decimal(1).scaleb(int(Decimal(meant).as_tuple().exponent)) / 2
    return abs(Decimal(repr(suggested)) / Decimal(multiplier) - Decimal(meant)) < half_unit


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a proportion, in percent.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    z = 1.96
    if not of:
        return 0.0, 100.0
    p, n = hits / of, of
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, 100 * (middle - half) / whole), min(100.0, 100 * (middle + half) / whole)
