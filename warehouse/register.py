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
from warehouse.home import DBT_PROJECT

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
    indicators = _with_added(column_of("indicator", "indicator"), declarations, "indicators", "indicator")
    _check_units(declarations)
    _check_areas(declarations)
    for part in ("series", "breaks", "events", "coverage"):
        for declaration, at, entry in entries_of(declarations, part):
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
    for declaration, at, entry in entries_of(declarations, "indicators"):
        measures = column_of("unit", "unit_measure") | {one.unit_measure for one in declaration.units}
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
    areas = _with_added(column_of("ref_area", "ref_area"), declarations, "areas", "ref_area")
    for declaration, field, code in named:
        if code not in areas:
            raise SourceError(
                "source.unknown_area",
                file=declaration.folder / "source.yml",
                field=field,
                name=code,
                known=", ".join(difflib.get_close_matches(code, sorted(areas), n=3, cutoff=0)),
            )
    _check_areas_above(declarations)


def _check_areas_above(declarations: Mapping[str, Declaration]) -> None:
    """Holds that no added area lies above itself."""
    above = {row["ref_area"]: row["parent"] for row in rows_of("ref_area") if not row["valid_to"]}
    added = list(entries_of(declarations, "areas"))
    above |= {entry.ref_area: entry.parent or "" for _, _, entry in added}
    for declaration, at, entry in added:
        passed, code = {entry.ref_area}, entry.parent
        while code in above and code not in passed:
            passed.add(code)
            code = above[code]
        if code == entry.ref_area:
            raise SourceError(
                "source.area_above_itself",
                file=declaration.folder / "source.yml",
                field=f"areas[{at}].parent",
                name=entry.ref_area,
            )


def _named_areas(declarations: Mapping[str, Declaration]) -> Iterator[tuple[Declaration, str, str]]:
    """The codes of areas that declarations name, each with the field that names it."""
    for part, keys in AREA_FIELDS.items():
        for declaration, at, entry in entries_of(declarations, part):
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


def entries_of(declarations: Mapping[str, Declaration], part: str) -> Iterator[tuple[Declaration, int, Any]]:
    """What the declarations say in one part, each entry with its declaration and its place there."""
    for declaration in declarations.values():
        for at, entry in enumerate(getattr(declaration, part)):
            yield declaration, at, entry


def _with_added(
    registered: set[str], declarations: Mapping[str, Declaration], part: str, key: str
) -> set[str]:
    """The registered names and the added ones, each of which is new, or added elsewhere in the same words."""
    added: dict[str, object] = {}
    for declaration, at, entry in entries_of(declarations, part):
        name = getattr(entry, key)
        if name in registered or added.setdefault(name, entry) != entry:
            file = declaration.folder / "source.yml"
            raise SourceError("source.name_taken", file=file, field=f"{part}[{at}]", name=name)
    return registered | added.keys()


def column_of(register: str, column: str) -> set[str]:
    """The values of a column of a register."""
    return {row[column] for row in rows_of(register)}


def known_names() -> Known:
    """The names that a file may use without declaring them, for drafting a source."""
    from sources.draft.page import Known  # looks at files, which most commands do not

    indicators = list(rows_of("indicator"))
    areas = list(rows_of("ref_area"))
    names = {row[key] for row in areas for key in ("ref_area", "name_zh", "name_en") if row[key]}
    return Known(
        areas=frozenset(names | {row["label"] for row in rows_of("ref_area_label")}),
        units={row["unit_text"]: row["unit_measure"] for row in rows_of("unit")},
        indicators={
            row[key]: row["indicator"] for row in indicators for key in ("indicator", "name_zh", "name_en")
        },
        marks=frozenset(row["text"] for row in rows_of("missing_mark")),
    )


def rows_of(register: str) -> Iterator[dict[str, str]]:
    """The rows of a register, column to text."""
    with (DBT_PROJECT / "seeds" / f"{register}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
