"""Answers of easyquery, the data portal of the National Bureau of Statistics until 2026: bytes to cells.

The published figure is `strdata`; `data` is the same unrounded and is kept as a remark. `hasdata: false` comes with
`data: 0.0`, which is no zero. Dimensions come in any order and are told apart by `wdcode`.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from sources.cell import Reading, Reject
from sources.declared.answer_layout import NbsQueryLayout
from sources.records.record import (
    Record,
    comment,
    labels,
    parse_json,
    period,
    reading_of,
    refused,
    unreadable,
)

ADDRESS = "returndata.datanodes[{row}].data.strdata"
INDICATOR, AREA, TIME = "zb", "reg", "sj"


class _Figure(BaseModel):
    hasdata: bool
    strdata: str = ""
    data: str | None = None

    @property
    def text(self) -> str:
        """What is published; blank where nothing is."""
        return self.strdata.strip() if self.hasdata else ""

    @property
    def unrounded(self) -> str | None:
        """The figure behind what is published, where it says more."""
        return f"data={self.data}" if self.hasdata and self.data not in (None, self.text) else None


class _Place(BaseModel):
    wdcode: str
    valuecode: str


class _Datum(BaseModel):
    data: _Figure
    wds: list[_Place]


class _Node(BaseModel):
    code: str
    name: str | None = None
    unit: str | None = None
    exp: str | None = None
    memo: str | None = None


class _Dimension(BaseModel):
    wdcode: str
    nodes: list[_Node | None] = []


class _Answer(BaseModel):
    datanodes: list[object]
    wdnodes: list[_Dimension] = Field(default=[])


def read_nbs_query(path: Path, layout: NbsQueryLayout) -> Reading:
    """Reads an answer to `m=QueryData`.

    Returns:
        A cell for each data node, addressed by its position from 0; a missing figure has a blank text.
    """
    content = parse_json(path)
    if isinstance(content, Reject):
        return refused(content)
    if not isinstance(content, dict) or "returndata" not in content:
        return refused(Reject("file.other_answer", text="returndata.datanodes"))
    found = content["returndata"]
    if isinstance(found, str) or content.get("returncode") not in ("200", None):
        return refused(Reject("file.error_answer", text=f"{content.get('returncode')} {found}"[:200]))
    try:
        answer = _Answer.model_validate(found)
    except ValidationError:
        return refused(Reject("file.other_answer", text="returndata.datanodes"))
    nodes = {
        node.code: node for one in answer.wdnodes if one.wdcode == INDICATOR for node in one.nodes if node
    }
    named = labels({code: (node.name or "").strip() for code, node in nodes.items()}, layout.indicators)
    rejects: list[Reject] = []
    return reading_of(_records(answer.datanodes, nodes, named, layout, rejects), rejects, ADDRESS)


def _records(
    data: list[object],
    nodes: dict[str, _Node],
    named: dict[str, str],
    layout: NbsQueryLayout,
    rejects: list[Reject],
) -> Iterator[Record]:
    for position, content in enumerate(data):
        try:
            datum = _Datum.model_validate(content)
        except ValidationError as problem:
            rejects.append(unreadable(problem, position))
            continue
        places = {place.wdcode: place.valuecode for place in datum.wds}
        missing = {INDICATOR, TIME} - places.keys()
        # A dimension that has no column would let several figures share one place.
        unplaced = places.keys() - {INDICATOR, AREA, TIME}
        if missing or unplaced:
            text = ", ".join(sorted(missing or unplaced))
            rejects.append(Reject("cell.unreadable_record", 1, position, 0, text))
            continue
        code = places[INDICATOR]
        node = nodes.get(code, _Node(code=code))
        label = named.get(code, code)
        yield {
            "row_no": position,
            "col_no": 0,
            "value_text": datum.data.text,
            "unit_text": (node.unit or "").strip() or None,
            "ref_area_label": places.get(AREA, layout.ref_area),
            "time_label": period(places[TIME]),
            "indicator_label": f"{layout.dbcode}/{code}" if label == code else label,
            "obs_comment": comment(datum.data.unrounded, node.memo, node.exp),
        }
