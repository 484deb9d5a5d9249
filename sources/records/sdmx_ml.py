"""SDMX-ML 2.1 and 3.0 data messages, generic and structure-specific: bytes to observations, by the library sdmx1.

It reads them without the data structure definition and leaves texts as printed. A first pass does what it does not:
it refuses what no message needs or what the library would misread, and takes the attributes of a whole data set, which
are dropped where the definition is absent (docs/decisions/0007-sdmx-library.md).
"""

import contextlib
import io
import logging
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from sources.cell import Reject
from sources.records.sdmx_message import ACTION, ROW, STRUCTURE, Message, frame_of

if TYPE_CHECKING:
    from sdmx.message import DataMessage
    from sdmx.model.common import BaseDataSet, BaseObservation

ADDRESS = "(//*[local-name()='Obs'])[{row}]"
DATA_MESSAGES = (
    "GenericData",
    "GenericTimeSeriesData",
    "StructureSpecificData",
    "StructureSpecificTimeSeriesData",
)
MEASURE = "OBS_VALUE"
"""The measure that the library takes for the value; further ones it takes for attributes."""

MAX_DEPTH = 32
"""Elements within elements; a message has some eight."""

Row = dict[str, str | int | None]


class _UnsafeError(Exception):
    """Something that no message needs and that can be turned against the reader."""


class _AmbiguousError(Exception):
    """Something that the library would hand on to the wrong observations, or to none."""


class _Outline:
    """What a first pass over a message finds.

    Attributes:
        kind: the name of its outermost element.
        data_sets: for each data set the attributes that hold for all of it, and its action under `ACTION`.
        observations: how many there are.
    """

    def __init__(self, content: bytes) -> None:
        self.kind = ""
        self.data_sets: list[Row] = []
        self.observations = 0
        self._action = ""
        self._path: list[str] = []
        self._of_groups: set[str] = set()
        self._of_keys: Counter[str] = Counter()
        self._keys = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)

    def _refuse(self, *_: object) -> None:
        raise _UnsafeError("DOCTYPE")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) == MAX_DEPTH:
            raise _UnsafeError(f"> {MAX_DEPTH}")
        namespace, _, local = name.rpartition(" ")
        self.kind = self.kind or local
        parent = self._path[-1] if self._path else ""
        self._path.append(local)
        if local == "Obs":
            self.observations += 1
        if local == "DataSet":
            self._start_data_set(attributes)
        elif local == "Comp":
            raise _AmbiguousError("Comp")
        elif local == "Group" and not namespace:
            self._of_groups |= {key for key in attributes if " " not in key}
        elif parent == "DataSet" and local in ("Series", "Obs") and not namespace:
            self._of_keys.update(list(attributes))
            self._keys += 1

    def _start_data_set(self, attributes: dict[str, str]) -> None:
        of_all: Row = {ACTION: self._action.strip()[:1] or None}
        if self.kind.startswith("StructureSpecific"):
            of_all |= {key: text for key, text in attributes.items() if " " not in key}
        for key, text in attributes.items():
            if key.rpartition(" ")[2] == "action":
                of_all[ACTION] = text[:1]
        self.data_sets.append(of_all)
        self._of_groups, self._of_keys, self._keys = set(), Counter(), 0

    def _text(self, text: str) -> None:
        if self._path[-1] == "DataSetAction":  # in the header: of the data sets that name none
            self._action += text

    def _end(self, _: str) -> None:
        if self._path.pop() == "DataSet":
            for name in sorted(self._of_groups):
                if 0 < self._of_keys[name] < self._keys:  # taken for a dimension, which every key would have
                    raise _AmbiguousError(f"Group {name}")


def read_ml_message(path: Path) -> Message | Reject:
    """Reads a data message of SDMX-ML.

    Returns:
        The message, its observations counted in the order of the file from 1; or why the file is none: damaged, no
        data message, or with a document type, which could name entities and files.
    """
    content = path.read_bytes()
    try:
        outline = _Outline(content)
    except _UnsafeError as problem:
        return Reject("file.sdmx_unsafe", text=str(problem))
    except (_AmbiguousError, expat.ExpatError, ValueError) as problem:
        return Reject("file.sdmx_unreadable", text=str(problem))
    if outline.kind not in DATA_MESSAGES:
        return Reject("file.sdmx_unreadable", text=f"<{outline.kind}>")
    try:
        message = _parsed(content)
        rows = [
            row
            for data_set, of_all in zip(message.data, outline.data_sets, strict=True)
            for row in _rows(data_set, of_all)
        ]
        dimensions = _dimensions(message)
    except Exception as problem:  # noqa: BLE001 - the library raises whatever a wrong message makes it stumble over
        cause = problem.__cause__ or problem
        return Reject("file.sdmx_unreadable", text=f"{type(cause).__name__}: {cause}")
    if len(rows) != outline.observations:
        return Reject("file.sdmx_unreadable", text=f"{len(rows)} ≠ {outline.observations} Obs")
    frame = frame_of([row | {ROW: number} for number, row in enumerate(rows, start=1)])
    return Message(
        frame if rows else frame_of([{ROW: 0, STRUCTURE: None, ACTION: None}]).clear(),
        address=ADDRESS,
        dimensions=dimensions,
    )


def _parsed(content: bytes) -> "DataMessage":
    # It imports pandas, so only a process that reads such a message pays for it. The readers of both versions are
    # imported before either reads, since a message read in between makes the import of the other fail.
    import sdmx
    import sdmx.reader.xml.v30
    from sdmx.message import DataMessage

    logging.getLogger("sdmx").setLevel(logging.ERROR)
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it stumbles over
        message = sdmx.read_sdmx(io.BytesIO(content))
    if not isinstance(message, DataMessage):
        raise TypeError(type(message).__name__)
    return message


def _dimensions(message: "DataMessage") -> frozenset[str]:
    """What stands in keys: in a structure-specific message also the attributes of a series."""
    observations = (observation for data_set in message.data for observation in data_set.obs)
    places = (place for one in observations for place in (one.series_key, one.dimension) if place is not None)
    return frozenset(name for place in places for name in place.values)


def _rows(data_set: "BaseDataSet", of_all: Row) -> list[Row]:
    definition = data_set.structured_by
    agency = definition.maintainer.id if definition and definition.maintainer else ""
    structure = f"{agency}:{definition.id}({definition.version})" if definition else None
    shared = of_all | _attributes(getattr(data_set, "attrib", {})) | {STRUCTURE: structure}
    return [shared | _stated(observation) for observation in data_set.obs]


def _stated(observation: "BaseObservation") -> Row:
    row: Row = {}
    for keys in (observation.group_keys, (observation.series_key,)):
        for key in filter(None, keys):
            row |= _attributes(key.attrib)
    for place in (observation.series_key, observation.dimension):
        if place is not None:
            row |= {name: str(value.value) for name, value in place.values.items()}
    row |= _attributes(observation.attached_attribute)
    return row | {MEASURE: None if observation.value is None else str(observation.value)}


def _attributes(attributes: Any) -> Row:
    """Attributes as texts; of several values, as SDMX 3.0 allows, all are shown."""
    return {
        name: "; ".join(map(str, one.value)) if isinstance(one.value, list) else str(one.value)
        for name, one in attributes.items()
    }
