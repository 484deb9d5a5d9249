"""SDMX-JSON 1.0 and 2.x data messages: bytes to observations, every number as it is printed.

Read here since no maintained library reads them (docs/decisions/0007-sdmx-library.md).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from sources.cell import Reject
from sources.records.sdmx_message import ACTION, ROW, STRUCTURE, Message, frame_of

ADDRESS = "($..observations.*)[{row}][{column}]"
"""The results of a JSONPath in the order of the file, then the fields of one observation; both count from 0."""

Json = dict[str, Any]
Row = dict[str, str | int | None]


def read_json_message(path: Path) -> Message | Reject:
    """Reads a data message of SDMX-JSON, flat or in series.

    Returns:
        The message, or why the file is none: damaged, too deeply nested, a name twice in one object (of which JSON
        would keep the last), or not built as the standard has it.
    """
    try:
        content = json.loads(
            path.read_bytes().decode("utf-8-sig"),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=_each_name_once,
        )
    except RecursionError:
        return Reject("file.sdmx_unsafe", text="JSON")
    except ValueError as problem:
        return Reject("file.sdmx_unreadable", text=str(problem))
    try:
        data = content.get("data", content)
        structures = data.get("structures") or [data["structure"]]
        rows = list(_observations(data["dataSets"], structures))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        return Reject("file.sdmx_unreadable", text=f"{type(problem).__name__}: {problem}")
    measures = [component["id"] for structure in structures for component in _measures(structure)]
    frame = frame_of(rows) if rows else frame_of([{ROW: 0, STRUCTURE: None, ACTION: None}]).clear()
    return Message(
        frame.with_columns(pl.col(name).replace("", None) for name in frame.columns if name != ROW),
        {measure: measures.index(measure) for measure in measures},
        ADDRESS,
        dimensions=frozenset(one["id"] for structure in structures for one in _dimensions(structure)),
    )


def _each_name_once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(next(name for name in names if names.count(name) > 1))
    return found


def _observations(data_sets: list[Json], structures: list[Json]) -> Iterator[Row]:
    number = 0
    for data_set in data_sets:
        structure = structures[int(data_set.get("structure", 0))]
        of_data_set = _of_data_set(data_set, structure) | {
            STRUCTURE: _structure_id(structure),
            ACTION: str(data_set.get("action", "Information"))[:1],
        }
        series = data_set.get("series", {})
        for key, content in [("", data_set), *series.items()]:
            found = content.get("observations", {})
            if not found:
                continue
            shared = of_data_set if content is data_set else of_data_set | _of_series(key, content, structure)
            for place, fields in found.items():
                row = shared | _of_observation(place, fields or [], structure)
                yield _of_groups(data_set, structure, row) | row | {ROW: number}
                number += 1


def _structure_id(structure: Json) -> str | None:
    """AGENCY:ID(VERSION) of the first link that has a URN."""
    urns = [link["urn"] for link in structure.get("links", []) if "urn" in link]
    return str(urns[0]).rpartition("=")[2] if urns else None


def _components(structure: Json, kind: str, level: str) -> list[Json]:
    return list((structure.get(kind) or {}).get(level) or [])


def _dimensions(structure: Json) -> list[Json]:
    levels = ("dataSet", "series", "observation")
    return [one for level in levels for one in _components(structure, "dimensions", level)]


def _measures(structure: Json) -> list[Json]:
    """The measures; one that needs no declaration in SDMX-JSON 1.0."""
    if structure.get("measures"):
        return _components(structure, "measures", "observation")
    return [{"id": "OBS_VALUE"}]


def _of_data_set(data_set: Json, structure: Json) -> Row:
    dimensions = _components(structure, "dimensions", "dataSet")
    attributes = _components(structure, "attributes", "dataSet")
    return {one["id"]: _meant(one["values"][0]) for one in dimensions} | _stated(
        attributes, data_set.get("attributes", ["0" if one.get("values") else None for one in attributes])
    )


def _of_series(key: str, content: Json, structure: Json) -> Row:
    return _keyed(key, _components(structure, "dimensions", "series")) | _stated(
        _components(structure, "attributes", "series"), content.get("attributes", [])
    )


def _of_groups(data_set: Json, structure: Json, row: Row) -> Row:
    """Attributes of the groups of dimensions to which an observation belongs; a part left out is any value."""
    groups = data_set.get("dimensionGroupAttributes")
    if not groups:
        return {}
    attributes = _components(structure, "attributes", "dimensionGroup")
    dimensions = _dimensions(structure)
    dimensions.sort(key=lambda one: int(one.get("keyPosition", len(dimensions))))
    found: Row = {}
    for key, fields in groups.items():
        parts = zip(key.split(":"), dimensions, strict=True)
        if all(part == "" or row.get(one["id"]) == _value(one, part) for part, one in parts):
            found |= _stated(attributes, fields)
    return found


def _of_observation(key: str, fields: list[Any], structure: Json) -> Row:
    stated = _measures(structure) + _components(structure, "attributes", "observation")
    return _keyed(key, _components(structure, "dimensions", "observation")) | _stated(stated, fields)


def _keyed(key: str, dimensions: list[Json]) -> Row:
    parts = key.split(":") if dimensions else []
    return {one["id"]: _value(one, part) for part, one in zip(parts, dimensions, strict=True)}


def _stated(components: list[Json], fields: list[Any]) -> Row:
    """What fields state of components, in their order; a default where a field is null or left out."""
    padded = [*fields, *[None] * len(components)]
    return {
        one["id"]: one.get("default") if field is None else _value(one, field)
        for one, field in zip(components, padded, strict=False)
    }


def _value(component: Json, field: Any) -> str | None:
    """A field is the number of a value where the component lists values, else the value itself."""
    values = component.get("values")
    if not values:
        return _text(field)
    if isinstance(field, list):
        return "; ".join(str(_value(component, one)) for one in field)
    if not str(field).isdecimal():  # a negative number would count from the end
        raise ValueError(f"{component['id']}: {field}")
    return _meant(values[int(field)])


def _meant(value: Json) -> str | None:
    stated = (value[name] for name in ("id", "value", "values", "name") if name in value)
    return _text(next(stated, None))


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
