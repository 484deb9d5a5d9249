"""Answers of the National Bureau of Statistics' portal since 2026 (`getEsDataByCidAndDt`): bytes to cells.

Figures are texts, and blank or null where missing. Nothing is said of their order. One indicator comes in slices of
some five years, each under an id of its own, and `i_mark` says what its figures cover.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from sources.cell import Reading, Reject
from sources.declared.answer_layout import NbsReleaseLayout
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

ADDRESS = "data[{column}].values[{row}].value"


class _Figure(BaseModel):
    id: str = Field(alias="_id")
    i_showname: str | None = None
    name: str | None = Field(default=None, alias="_name")
    value: str | None = None
    du_name: str | None = None
    da: str | None = None
    i_mark: str | None = None

    @property
    def plain_name(self) -> str:
        """The name in half width without white space and without its unit in brackets."""
        name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", self.i_showname or self.name or ""))
        unit = re.sub(r"\s+", "", unicodedata.normalize("NFKC", self.du_name or ""))
        return name.removesuffix(f"({unit})") if unit else name

    @property
    def area(self) -> str:
        """The first six of the twelve digits of the bureau's area codes; blank where none is named."""
        return re.sub(r"^(\d{6})\d{6}$", r"\1", (self.da or "").strip())


class _Period(BaseModel):
    code: str
    values: list[object] | None = None


def read_nbs_release(path: Path, layout: NbsReleaseLayout) -> Reading:
    """Reads an answer of figures by period.

    Returns:
        A cell for each figure, addressed by the positions of its period (column) and of itself (row) from 0.
    """
    content = parse_json(path)
    if isinstance(content, Reject):
        return refused(content)
    if not isinstance(content, dict) or "success" not in content:
        return refused(Reject("file.other_answer", text="data[].values"))
    if content["success"] is not True:
        said = f"{content.get('state', '')} {content.get('message', '')}"
        return refused(Reject("file.error_answer", text=said.strip()[:200]))
    if not isinstance(content.get("data") or [], list):
        return refused(Reject("file.other_answer", text="data[].values"))
    rejects: list[Reject] = []
    figures = list(_figures(content.get("data") or [], rejects))
    if any(figure.area for *_, figure in figures):
        # Among figures of areas, one without is of some area that nobody knows.
        rejects += [
            Reject("cell.unreadable_record", 1, row, column, "da")
            for row, column, _, figure in figures
            if not figure.area
        ]
        figures = [one for one in figures if one[-1].area]
    names = {figure.id: figure.plain_name for *_, figure in figures}
    return reading_of(_records(figures, labels(names, layout.indicators), layout), rejects, ADDRESS)


def _figures(periods: list[object], rejects: list[Reject]) -> Iterator[tuple[int, int, str, _Figure]]:
    for column, content in enumerate(periods):
        try:
            one = _Period.model_validate(content)
        except ValidationError as problem:
            rejects.append(unreadable(problem, 0, column))
            continue
        for row, value in enumerate(one.values or []):
            try:
                yield row, column, period(one.code.strip()), _Figure.model_validate(value)
            except ValidationError as problem:
                rejects.append(unreadable(problem, row, column))


def _records(
    figures: list[tuple[int, int, str, _Figure]], named: dict[str, str], layout: NbsReleaseLayout
) -> Iterator[Record]:
    for row, column, time, figure in figures:
        yield {
            "row_no": row,
            "col_no": column,
            "value_text": (figure.value or "").strip(),
            "unit_text": (figure.du_name or "").strip() or None,
            "ref_area_label": figure.area or layout.ref_area,
            "time_label": time,
            "indicator_label": named[figure.id],
            "obs_comment": comment(figure.i_mark),
        }
