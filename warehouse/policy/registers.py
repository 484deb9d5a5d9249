"""What a bureau adds to the registers of policy, its names read as codes, held together with all registers.

Here: which registers a row is held against. Not here: reading files (`supplement.py`); what a row must say
(`target.py`, `document.py`, `composite_index.py`, `index_variant.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sources.declared.source import Declaration
from warehouse.home import Home
from warehouse.policy.composite_index import Named, check_nodes
from warehouse.policy.document import check_documents
from warehouse.policy.index_variant import check_variants
from warehouse.policy.names import Names
from warehouse.policy.supplement import REGISTERS, Line, check_files, is_year, read_register
from warehouse.policy.target import Meaning, Registered, check_targets
from warehouse.policy.wording import filled, in_our_words, plain_unit
from warehouse.register import column_of, entries_of, rows_of

AREA_COLUMNS = ("ref_area", "area_parent")
INDICATOR_COLUMNS = ("indicator", "denominator")
NODE_AREA_TYPES = {"area_type": "area_type", "denominator_area_type": "area_type"}
NATION = "000000"

Rows = dict[str, dict[int, Line]]
"""The rows that a bureau adds, by register and by their numbers."""


def supplements(home: Home, declarations: Mapping[str, Declaration]) -> dict[str, list[Line]]:
    """The rows that the bureau adds to each register, in the order of its file.

    Raises:
        WarehouseError: `register.refused` with what is wrong in the rows of a file, and what `check_files` and
            `read_register` raise.
    """
    check_files(home)
    files = {register: home.registers / f"{register}.csv" for register in REGISTERS}
    if not any(file.exists() for file in files.values()):
        return {register: [] for register in REGISTERS}
    registers = Registers(declarations)
    rows = _rows(files, registers)
    for register in REGISTERS:
        _check(register, files[register], rows, registers)
    return {register: list(added.values()) for register, added in rows.items()}


def check_register(home: Home, declarations: Mapping[str, Declaration], file: Path, register: str) -> int:
    """Holds a file to the registers as if it lay under `registers/`, beside the others of its folder or of the home.

    Returns:
        How many rows it adds.

    Raises:
        WarehouseError: as `supplements`.
    """
    files = {register: file}
    for other in set(REGISTERS) - {register}:
        beside = file.parent / f"{other}.csv"
        files[other] = beside if beside.exists() else home.registers / f"{other}.csv"
    registers = Registers(declarations)
    rows = _rows(files, registers)
    # What the others say may rest on this one.
    for one in (register, *(other for other in REGISTERS if other != register)):
        _check(one, files[one], rows, registers)
    return len(rows[register])


class Registers:
    """What the rows of policy may name: the registers of the dbt project, with what sources add to them."""

    def __init__(self, declarations: Mapping[str, Declaration]) -> None:
        self.declarations = declarations
        self.areas = _areas(declarations)
        self.indicators = _indicators(declarations)
        self.meanings = _meanings(declarations)

    def in_codes(self, line: Line) -> Line:
        """A row with the code in place of each name that means only one."""
        areas = {name: self.areas.code(line[name]) for name in AREA_COLUMNS if name in line}
        indicators = {name: self.indicators.code(line[name]) for name in INDICATOR_COLUMNS if name in line}
        return line | areas | indicators

    def direction(self, indicator: str) -> int:
        """The good direction of an indicator: 1, -1, 0 where it has none or is not registered."""
        meaning = self.meanings.get(indicator)
        return meaning.direction if meaning else 0

    def for_targets(self, documents: Iterable[Line]) -> Registered:
        """What targets may name, with the documents that the bureau adds."""
        base_years = {
            row["document"]: row["base_year"] if is_year(row["base_year"]) else ""
            for row in (*rows_of("document"), *documents)
        }
        return Registered(self.indicators, self.meanings, _units(self.declarations), self.areas, base_years)

    def for_indices(self) -> Named:
        """What composite indices may name."""
        groups = (one.area_group for _, _, one in entries_of(self.declarations, "area_groups"))
        levels = {one.level for _, _, one in entries_of(self.declarations, "areas")}
        return Named(
            directions={name: one.direction for name, one in self.meanings.items()},
            areas=frozenset(self.areas.codes),
            levels=frozenset(column_of("ref_area", "level") | levels),
            groups=frozenset(groups),
            nodes=list(rows_of("composite_index")),
            variants=list(rows_of("index_variant")),
        )


def _rows(files: Mapping[str, Path], registers: Registers) -> Rows:
    rows: Rows = {register: {} for register in files}
    for register, file in files.items():
        if file.exists():
            read = read_register(file, register)
            rows[register] = {number: registers.in_codes(line) for number, line in read.items()}
    targets = {
        number: filled(row, registers.direction(row["indicator"])) for number, row in rows["target"].items()
    }
    nodes = {number: in_our_words(row, NODE_AREA_TYPES) for number, row in rows["composite_index"].items()}
    return rows | {"target": targets, "composite_index": nodes}


def _check(register: str, file: Path, rows: Rows, registers: Registers) -> None:
    nodes, variants = rows["composite_index"], rows["index_variant"]
    match register:
        case "document":
            taken = frozenset(column_of("document", "document"))
            check_documents(file, rows["document"], registers.areas, taken)
        case "target":
            taken = frozenset(column_of("target", "target_id"))
            check_targets(file, rows["target"], registers.for_targets(rows["document"].values()), taken)
        case "composite_index":
            check_nodes(file, nodes, variants.values(), registers.for_indices())
        case "index_variant":
            check_variants(file, variants, nodes.values(), registers.for_indices())


def _meanings(declarations: Mapping[str, Declaration]) -> dict[str, Meaning]:
    registered = {
        row["indicator"]: Meaning(
            row["unit_measure"],
            row["display_unit"],
            int(row["direction"]),
            _number(row["min_value"]),
            _number(row["max_value"]),
        )
        for row in rows_of("indicator")
    }
    return registered | {
        one.indicator: Meaning(
            one.unit_measure, one.display_unit, one.direction, one.min_value, one.max_value
        )
        for _, _, one in entries_of(declarations, "indicators")
    }


def _units(declarations: Mapping[str, Declaration]) -> dict[str, dict[str, float]]:
    units: dict[str, dict[str, float]] = {}
    for row in rows_of("unit"):
        units.setdefault(plain_unit(row["unit_text"]), {})[row["unit_measure"]] = float(row["multiplier"])
    for _, _, one in entries_of(declarations, "units"):
        units.setdefault(plain_unit(one.text), {})[one.unit_measure] = one.multiplier
    return units


def _indicators(declarations: Mapping[str, Declaration]) -> Names:
    named = [(row["indicator"], row["name_zh"], row["name_en"]) for row in rows_of("indicator")]
    named += [
        (one.indicator, one.name.zh, one.name.en) for _, _, one in entries_of(declarations, "indicators")
    ]
    return Names.of(
        {code: name_zh for code, name_zh, _ in named},
        [(name, code) for code, *names in named for name in names],
    )


@dataclass(frozen=True)
class _Area:
    name_zh: str
    name_en: str
    parent: str


def _areas(declarations: Mapping[str, Declaration]) -> Names:
    """Every area by its code; those of today by name as well, alone or after the names of the areas above it."""
    codes, today = {}, {}
    for row in rows_of("ref_area"):
        codes[row["ref_area"]] = row["name_zh"]
        if not row["valid_to"]:
            today[row["ref_area"]] = _Area(row["name_zh"], row["name_en"], row["parent"])
    for _, _, one in entries_of(declarations, "areas"):
        codes[one.ref_area] = one.name.zh
        if one.last_year is None:
            today[one.ref_area] = _Area(one.name.zh, one.name.en, one.parent or "")
    names = [(row["label"], row["ref_area"]) for row in rows_of("ref_area_label")]
    for code, area in today.items():
        names += [(area.name_zh, code), (area.name_en, code)]
        place, above, passed = area.name_zh, area.parent, {NATION, code}
        while above in today and above not in passed:
            passed.add(above)
            place, above = today[above].name_zh + place, today[above].parent
            names.append((place, code))
            codes[code] = place
    return Names.of(codes, names)


def _number(text: str) -> float | None:
    return float(text) if text else None
