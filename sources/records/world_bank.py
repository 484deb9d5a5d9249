"""Answers of the World Bank's indicator interface, version 2: bytes to cells.

An answer is a list of two: what it says of itself, and the figures, the newest first. The date of the last update is
the vintage of all.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from sources.cell import Reading, Reject
from sources.declared.answer_layout import WorldBankLayout
from sources.records.record import Record, at, labels, parse_json, reading_of, refused, unreadable

ADDRESS = "[1][{row}].value"


class _Named(BaseModel):
    id: str
    value: str | None = None


class _Figure(BaseModel):
    indicator: _Named
    country: _Named
    date: str
    value: str | None = None
    unit: str | None = None
    obs_status: str | None = None


def read_world_bank(path: Path, layout: WorldBankLayout) -> Reading:
    """Reads an answer, or one page of it where the layout says that each is a file.

    Returns:
        A cell for each figure, addressed by its position from 0; a null is a blank text.
    """
    content = parse_json(path)
    if isinstance(content, Reject):
        return refused(content)
    messages = at(content, "[0].message")
    if isinstance(messages, list):
        said = [f"{at(one, 'id')} {at(one, 'key')}: {at(one, 'value')}" for one in messages]
        return refused(Reject("file.error_answer", text="; ".join(said)[:200]))
    figures = content[1] if isinstance(content, list) and len(content) == 2 else None
    is_empty = isinstance(content, list) and len(content) == 2 and figures is None
    if is_empty:
        return refused(Reject("file.no_data"))
    if not isinstance(figures, list) or not isinstance(content[0], dict):
        return refused(Reject("file.other_answer", text="[1][].value"))
    pages = str(at(content, "[0].pages") or 1)
    if pages not in ("0", "1") and not layout.in_pages:
        return refused(Reject("file.missing_pages", text=pages))
    rejects: list[Reject] = []
    found = list(_figures(figures, rejects))
    names = {figure.indicator.id: (figure.indicator.value or "").strip() for _, figure in found}
    updated = at(content, "[0].lastupdated")
    vintage = updated if isinstance(updated, str) else None
    return reading_of(_records(found, labels(names, layout.indicators), vintage), rejects, ADDRESS)


def _figures(figures: list[object], rejects: list[Reject]) -> Iterator[tuple[int, _Figure]]:
    for row, content in enumerate(figures):
        try:
            yield row, _Figure.model_validate(content)
        except ValidationError as problem:
            rejects.append(unreadable(problem, row))


def _records(
    figures: list[tuple[int, _Figure]], named: dict[str, str], vintage: str | None
) -> Iterator[Record]:
    for row, figure in figures:
        yield {
            "row_no": row,
            "col_no": 0,
            "value_text": figure.value or "",
            "unit_text": (figure.unit or "").strip() or None,
            "ref_area_label": figure.country.id,
            "time_label": figure.date,
            "indicator_label": named[figure.indicator.id],
            "obs_status": (figure.obs_status or "").strip() or None,
            "vintage_text": vintage,
        }
