"""Which heading of a table says what: area, period, indicator, unit, kind of area, as the labels of a block.

Here: one table. Not here: where tables stand (`blocks.py`), what indicator labels mean (`meaning.py`).
"""

import re
from collections.abc import Iterator

from sources.address import column_letters
from sources.declared.part import OPEN
from sources.draft.blocks import Table
from sources.draft.meaning import registered_as
from sources.draft.page import BILINGUAL, HEADS, OTHER_HEAD, YEAR, YEAR_WITHIN, Kind, Known, chinese, plain
from sources.draft.units import (
    YEAR_IN,
    Label,
    Place,
    bare,
    indicator_of,
    indicator_units,
    said,
    titles,
    unit_beside,
    unit_line,
    units_stated,
)

NATION = "全国"
LATIN = re.compile(r"^[A-Za-z][\x00-\x7f’–—]*$")


def labels_of(table: Table, known: Known, file_name: str) -> tuple[dict[str, Label], dict[str, str]]:
    """The labels of a block, by name; where nothing tells, the text `OPEN`.

    Where only some indicator labels name their unit there is no label `unit`, and the units stand in the second part.
    """
    places = list(_places(table, known))
    by_kind: dict[Kind, list[Place]] = {}
    for place in places:
        by_kind.setdefault(place.kind, []).append(place)
    found: dict[str, Label] = {}
    measured = indicator_units(by_kind.get("indicator", []), known)
    found["ref_area"] = _area(table, by_kind, known, measured)
    above = _area_above(by_kind)
    if above:
        found["parent_area"] = above
    found["time_period"] = _period(table, by_kind, file_name)
    indicators = by_kind.get("indicator", [])
    found["indicator"], unit, texts = indicator_of(table, indicators, known)
    if by_kind.get("area_type"):
        found["area_type"] = by_kind["area_type"][0].label
    unit = unit_beside(by_kind) or unit or measured
    stated: dict[str, str] = {}
    if unit is None:
        line = unit_line(table)
        stated = units_stated(found["indicator"], texts, known, said(table, line) if line else None)
        unit = None if stated else line or {"text": OPEN}
    if unit:
        found["unit"] = unit
    return found, stated


def _places(table: Table, known: Known) -> Iterator[Place]:
    """Everything beside and above the figures that may label them."""
    columns = [_of_column(table, column, known) for column in table.labels]
    yield from _one_language([place for place in columns if place])
    yield from _of_rows(table, known)
    if table.stacked:
        texts = tuple(next(iter(table.page.rows[row].values())) for row in table.stacked)
        column = min(next(iter(table.page.rows[row])) for row in table.stacked)
        yield Place(known.kind(map(bare, texts)), {"heading": column_letters(column)}, texts)


def _of_column(table: Table, column: int, known: Known) -> Place | None:
    texts = tuple(table.column(column))
    head = plain(chinese(table.head(column))) or next(
        (plain(chinese(text)) for row in reversed(table.above) if (text := table.page.text(row, column))), ""
    )
    if not texts or (OTHER_HEAD.match(head) and not all(map(known.is_area, texts))):
        return None
    kind = known.kind(texts)
    if kind == "indicator":
        kind = next((one for one, pattern in HEADS.items() if pattern.match(head)), kind)
    label: Label = {"column": column_letters(column)}
    if len(texts) < len(table.data):
        label["carry"] = True
    return Place(kind, label, texts, head)


def _one_language(places: list[Place]) -> Iterator[Place]:
    """The places without those that repeat another of their kind, in another language or as words for its codes."""
    for place in places:
        others = [one for one in places if one is not place and one.kind == place.kind]
        translated = all(map(LATIN.match, place.texts)) and any(
            not all(map(LATIN.match, one.texts)) for one in others
        )
        if not translated:
            yield place


def _of_rows(table: Table, known: Known) -> Iterator[Place]:
    """The rows above the figures; rows of indicators are one place, since their texts are read together."""
    together: list[tuple[int, list[str]]] = []
    for row in table.heads:
        texts = table.row(row)
        kind = known.kind(text.strip("()（）") for text in texts)
        label: Label = {"row": row}
        if len(texts) < len(table.filled) and table.page.text(row, table.filled[0]):
            label["carry"] = True
        if kind == "indicator":
            together.append((row, texts))
        else:
            yield Place(kind, label, tuple(texts))
    chosen = [(row, texts) for row, texts in together if not all(map(LATIN.match, texts))] or together
    if chosen:
        rows = [row for row, _ in chosen]
        label = {"row": rows if len(rows) > 1 else rows[0]}
        if any(len(texts) < len(table.filled) for _, texts in chosen[:-1]) or (
            len(chosen) == 1 and len(chosen[0][1]) < len(table.filled)
        ):
            label["carry"] = True
        yield Place("indicator", label, tuple(_joined(table, rows)))


def _joined(table: Table, rows: list[int]) -> Iterator[str]:
    """The texts of several rows above each column, joined as a label of several rows is."""
    last = dict.fromkeys(rows, "")
    for column in table.filled:
        for row in rows:
            last[row] = table.page.text(row, column) or (
                last[row] if row != rows[-1] or len(rows) == 1 else ""
            )
        if text := "/".join(filter(None, last.values())):
            yield text


def _area(table: Table, by_kind: dict[Kind, list[Place]], known: Known, measured: Label | None) -> Label:
    areas = by_kind.get("area", [])
    if areas:
        coded = [one for one in areas if all(text.isdigit() for text in one.texts)]
        beside = [one for one in areas if "column" in one.label]
        place = (coded or beside[-1:] or areas)[0]
        if place.texts and all(map(BILINGUAL.match, place.texts)):
            return place.label | {"pattern": r"^([^A-Za-z]+?)\s*[A-Za-z]"}
        return place.label
    indicators = by_kind.get("indicator", [])
    beside = [one for one in indicators if "column" in one.label]
    if beside and len(indicators) > 1:
        if measured and _are_indicators(beside[0], known):  # the row says only how they are measured
            indicators[:] = beside[:1]
        else:  # another place holds the indicators, so these may be areas nobody registered
            indicators.remove(beside[0])
            return beside[0].label
    if known.is_area(table.page.name):
        return {"sheet_name": True}
    for row, column, text in titles(table):
        for name in sorted(known.areas, key=len, reverse=True) if len(text) < 60 else ():
            if len(name) > 1 and not name.isascii() and text.startswith(name):
                return {"cell": f"{column_letters(column)}{row}", "pattern": f"^({re.escape(name)})"}
    return {"text": NATION}


def _are_indicators(place: Place, known: Known) -> bool:
    """Whether labels that are no known areas are indicators, by the heading above them or by the register."""
    return bool(HEADS["indicator"].match(place.head)) or any(
        registered_as(bare(text), known)[0] for text in place.texts
    )


def _area_above(by_kind: dict[Kind, list[Place]]) -> Label | None:
    """The label of the area above, where two columns name areas and the left one repeats or leaves blanks."""
    named = [
        one
        for one in by_kind.get("area", [])
        if "column" in one.label and not all(text.isdigit() for text in one.texts)
    ]
    if len(named) > 1 and (
        named[0].label.get("carry") or len(set(named[0].texts)) < len(set(named[-1].texts))
    ):
        return named[0].label
    return None


def _period(table: Table, by_kind: dict[Kind, list[Place]], file_name: str) -> Label:
    for place in by_kind.get("year", []):
        if not all(map(YEAR.match, place.texts)) or all(
            re.fullmatch(r"\d{4}年?", text) for text in place.texts
        ):
            return place.label
        return place.label | {"pattern": YEAR_IN}
    for place in by_kind.get("indicator", []):
        if len(place.texts) > 1 and all(map(YEAR_WITHIN.match, place.texts)):
            return place.label | {"pattern": YEAR_IN}
    if YEAR_WITHIN.search(table.page.name):
        return {"sheet_name": True, "pattern": YEAR_IN}
    for row, column, text in titles(table):
        if len(YEAR_WITHIN.findall(text)) == 1:
            return {"cell": f"{column_letters(column)}{row}", "pattern": YEAR_IN}
    if len(YEAR_WITHIN.findall(file_name)) == 1:
        return {"file_name": True, "pattern": YEAR_IN}
    return {"text": OPEN}
