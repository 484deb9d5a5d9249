"""What the declarations say of indicators, units and areas, held against the registers of the dbt project.

Only names are looked at here: what they mean is the dbt project's matter. A wrong name is refused before anything is
loaded, since every cell under it would be.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sources.declared.meaning import ChildrenOf
from sources.declared.part import OPEN
from sources.declared.source import Declaration
from sources.errors import SourceError
from warehouse.composite_index import Named, check_nodes
from warehouse.home import DBT_PROJECT, Home
from warehouse.index_variant import check_variants
from warehouse.supplement import added
from warehouse.target import Registered, check_documents, check_targets

if TYPE_CHECKING:
    from sources.draft.page import Known

AREA_FIELDS = {
    "breaks": ("ref_areas",),
    "events": ("ref_areas",),
    "coverage": ("areas",),
    "areas": ("parent",),
    "area_groups": ("ref_areas",),
    "area_changes": ("from_area", "to_area"),
}
"""The fields of a declaration that name areas by their codes."""

EVERY_PROVINCE = "provinces"


def check_names(declarations: Mapping[str, Declaration]) -> None:
    """Holds the declarations together with the registers and with each other.

    Raises:
        SourceError: `source.unknown_name` for an indicator that neither the register nor a source has,
            `source.name_taken` for one, or an area, that a source adds though it is there already,
            `source.unknown_area` for the code of an area that is nowhere, `source.unknown_unit` for an added
            indicator in a unit that no text is in.
    """
    indicators = _with_added(_column("indicator", "indicator"), declarations, "indicators", "indicator")
    _check_units(declarations)
    _check_areas(declarations)
    for part in ("series", "breaks", "events", "coverage"):
        for declaration, at, entry in _entries(declarations, part):
            if entry.indicator not in indicators:
                near = difflib.get_close_matches(entry.indicator, indicators, n=3) or sorted(indicators)
                raise SourceError(
                    "source.unknown_name",
                    file=declaration.folder / "source.yml",
                    field=f"{part}[{at}].indicator",
                    name=entry.indicator,
                    known=", ".join(near),
                )


def _check_units(declarations: Mapping[str, Declaration]) -> None:
    """Holds the units of added indicators together with those that a text can be in."""
    for declaration, at, entry in _entries(declarations, "indicators"):
        measures = _column("unit", "unit_measure") | {one.unit_measure for one in declaration.units}
        if entry.unit_measure not in {*measures, OPEN}:
            raise SourceError(
                "source.unknown_unit",
                file=declaration.folder / "source.yml",
                field=f"indicators[{at}].unit_measure",
                name=entry.unit_measure,
                known=", ".join(sorted(measures)),
            )


def _check_areas(declarations: Mapping[str, Declaration]) -> None:
    """Holds the codes of areas together with the code list, which is read only where a source names a code."""
    named = list(_named_areas(declarations))
    if not named and not any(declaration.areas for declaration in declarations.values()):
        return
    areas = _with_added(_column("ref_area", "ref_area"), declarations, "areas", "ref_area")
    for declaration, field, code in named:
        if code not in areas:
            raise SourceError(
                "source.unknown_area",
                file=declaration.folder / "source.yml",
                field=field,
                name=code,
                known=", ".join(difflib.get_close_matches(code, sorted(areas), n=3, cutoff=0)),
            )


def _named_areas(declarations: Mapping[str, Declaration]) -> Iterator[tuple[Declaration, str, str]]:
    """The codes of areas that declarations name, each with the field that names it."""
    for part, keys in AREA_FIELDS.items():
        for declaration, at, entry in _entries(declarations, part):
            for key in keys:
                stated = getattr(entry, key)
                if isinstance(stated, tuple):
                    yield from (
                        (declaration, f"{part}[{at}].{key}[{number}]", code)
                        for number, code in enumerate(stated)
                    )
                elif isinstance(stated, ChildrenOf):
                    yield declaration, f"{part}[{at}].{key}.children_of", stated.children_of
                elif stated not in (None, EVERY_PROVINCE):
                    yield declaration, f"{part}[{at}].{key}", stated


def _entries(declarations: Mapping[str, Declaration], part: str) -> Iterator[tuple[Declaration, int, Any]]:
    for declaration in declarations.values():
        for at, entry in enumerate(getattr(declaration, part)):
            yield declaration, at, entry


def _with_added(
    registered: set[str], declarations: Mapping[str, Declaration], part: str, key: str
) -> set[str]:
    """The registered names and the added ones, each of which is new, or added elsewhere in the same words."""
    added: dict[str, object] = {}
    for declaration, at, entry in _entries(declarations, part):
        name = getattr(entry, key)
        if name in registered or added.setdefault(name, entry) != entry:
            file = declaration.folder / "source.yml"
            raise SourceError("source.name_taken", file=file, field=f"{part}[{at}]", name=name)
    return registered | added.keys()


def _column(register: str, column: str) -> set[str]:
    """The values of a column of a register."""
    return {row[column] for row in _rows(register)}


def check_supplements(home: Home, declarations: Mapping[str, Declaration]) -> None:
    """Holds what the bureau adds to the registers of policy together with all registers.

    Raises:
        WarehouseError: `register.refused` with what is wrong in the rows, and what `added` raises.
    """
    rows = added(home, "target")
    units = {row["unit_text"].upper(): row["unit_measure"] for row in _rows("unit")}
    own_units = {one.text.upper(): one.unit_measure for _, _, one in _entries(declarations, "units")}
    indicators = {row["indicator"]: row["unit_measure"] for row in _rows("indicator")}
    own_indicators = {one.indicator: one.unit_measure for _, _, one in _entries(declarations, "indicators")}
    areas = _column("ref_area", "ref_area") | {one.ref_area for _, _, one in _entries(declarations, "areas")}
    documents = added(home, "document")
    check_documents(home.registers / "document.csv", documents, frozenset(_column("document", "document")))
    known = Registered(
        {**indicators, **own_indicators},
        {**units, **own_units},
        frozenset(areas),
        frozenset(_column("document", "document") | {row["document"] for row in documents}),
    )
    taken = frozenset(_column("target", "target_id"))
    check_targets(home.registers / "target.csv", rows, known, taken)
    directions = {row["indicator"]: int(row["direction"]) for row in _rows("indicator")}
    own_directions = {one.indicator: one.direction for _, _, one in _entries(declarations, "indicators")}
    own_levels = {one.level for _, _, one in _entries(declarations, "areas")}
    named = Named(
        directions={**directions, **own_directions},
        areas=known.areas,
        levels=frozenset(_column("ref_area", "level") | own_levels),
        groups=frozenset(one.area_group for _, _, one in _entries(declarations, "area_groups")),
        nodes=list(_rows("composite_index")),
        variants=list(_rows("index_variant")),
    )
    nodes, variants = added(home, "composite_index"), added(home, "index_variant")
    check_nodes(home.registers / "composite_index.csv", nodes, variants, named)
    check_variants(home.registers / "index_variant.csv", variants, nodes, named)


def known_names() -> Known:
    """The names that a file may use without declaring them, for drafting a source."""
    from sources.draft.page import Known  # looks at files, which most commands do not

    indicators = list(_rows("indicator"))
    areas = list(_rows("ref_area"))
    names = {row[key] for row in areas for key in ("ref_area", "name_zh", "name_en") if row[key]}
    return Known(
        areas=frozenset(names | {row["label"] for row in _rows("ref_area_label")}),
        units={row["unit_text"]: row["unit_measure"] for row in _rows("unit")},
        indicators={
            row[key]: row["indicator"] for row in indicators for key in ("indicator", "name_zh", "name_en")
        },
        marks=frozenset(row["text"] for row in _rows("missing_mark")),
    )


def _rows(register: str) -> Iterator[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{register}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
