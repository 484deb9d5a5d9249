"""What checking a file found, as told: alike rejects together, and what would stop a release."""

import json
from pathlib import Path

import pytest

from orchestration.check import Checked
from orchestration.check_report import document, lines
from warehouse.contribution import Contribution
from warehouse.errors import GateError


def rejected(cell: str, text: str | None) -> dict[str, str | int | None]:
    told = f"the area “{text}” is unknown ({cell})"
    return {
        "sheet": "表", "cell": cell, "row_no": int(cell[1:]), "reason": "cell.unknown_area", "raw_text": text,
        "message_en": told, "message_zh": told, "diagnosis": None,
    }  # fmt: skip


def found(*rejects: dict[str, str | int | None], stopped: GateError | None = None) -> Checked:
    brought = Contribution(rejects, (), (), (), {"cells": 20})
    return Checked(Path("x.xlsx"), "county", found=brought, stopped=stopped)


def test_one_unknown_label_is_told_once_with_the_number_of_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGJI_LANG", "en")
    checked = found(
        *(rejected(f"{column}{row}", text) for row, text in ((3, "甲"), (4, "乙")) for column in "DCB"),
        *(rejected(f"B{row}", None) for row in (5, 6)),
    )
    told = [line for line in lines(checked) if line.startswith("reject")]
    assert told == [
        "reject  表 · B3 … (3 cells alike)", "reject  表 · B4 … (3 cells alike)", "reject  表 · B5", "reject  表 · B6",
    ]  # fmt: skip
    assert len(json.loads(document(checked))["findings"]) == 8


def test_a_file_that_would_stop_a_release_is_told_so_without_a_candidate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TONGJI_LANG", "en")
    stopped = GateError("gate.quarantine", shares="county 12.00 % > 5 %", names=("county",))
    told = "\n".join(lines(found(stopped=stopped)))
    assert "max_quarantined_pct of the source allows (county 12.00 % > 5 %)" in told
    assert "candidate" not in told
    assert "refresh again" not in told
