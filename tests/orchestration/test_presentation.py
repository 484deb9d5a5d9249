"""Tables that align, and text that no spreadsheet runs."""

import io
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from orchestration.errors import OrchestrationError
from orchestration.presentation import deliver, formula_safe, printable
from orchestration.progress import Display

DANGEROUS = ("=", "@", "\t", "\r")


def printed(frame: pl.DataFrame, capsys: pytest.CaptureFixture[str]) -> list[str]:
    deliver(frame, "table", None)
    return capsys.readouterr().out.splitlines()


def test_columns_align_where_chinese_characters_are_two_wide(capsys) -> None:
    frame = pl.DataFrame({"name": ["全国", "Jiaxing", "内蒙古自治区"], "value": [1.5, 2.25, 30.0]})
    ends = {cell_len(line) for line in printed(frame, capsys)}
    assert len(ends) == 1


def test_missing_is_blank_and_numbers_are_exact(capsys) -> None:
    lines = printed(pl.DataFrame({"value": [0.1, None, 31790.3]}), capsys)
    assert [line.strip() for line in lines[2:]] == ["0.1", "", "31790.3"]


def test_a_terminal_cannot_be_driven_by_data(capsys) -> None:
    lines = printed(pl.DataFrame({"name": ["\x1b[31mred\nnext"]}), capsys)
    assert len(lines) == 3
    assert "\x1b" not in lines[2]


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\n", "\u202e", "\u2066", "\u2028", "\udcff"])
def test_no_sign_that_is_unseen_is_shown(sign: str) -> None:
    assert printable(f"一{sign}b") == "一�b"


def test_what_a_service_says_cannot_drive_the_terminal(capsys) -> None:
    details = {"source": "portal", "file": "a.json", "url": "u", "problem": "\x1b]0;owned\x07\x1b[2J\u202ehi"}
    Display().notice("service.no_data", details)
    (line,) = capsys.readouterr().err.splitlines()
    assert "�]0;owned��[2J�hi" in line
    assert line.isprintable()


def test_what_a_table_leaves_out_is_counted(capsys) -> None:
    assert deliver(pl.DataFrame({"value": list(range(700))}), "table", None) == 200


@given(st.lists(st.text(min_size=1), min_size=1))
def test_no_text_that_opens_a_formula_is_left(texts: list[str]) -> None:
    safe = formula_safe(pl.DataFrame({"text": texts}))["text"].to_list()
    for before, after in zip(texts, safe, strict=True):
        assert after in (before, f"'{before}")
        assert not after.startswith(DANGEROUS)
        if after[0] in "+-" and len(after) > 1:
            assert set(after[1:]) <= set("0123456789.,eE+-%")


@pytest.mark.parametrize("text", ["-", "-5.2", "+3", "-1.5e-3", "…", "无"])
def test_numbers_and_marks_of_missing_data_stay_as_they_are(text: str) -> None:
    assert formula_safe(pl.DataFrame({"text": [text]})).item() == text


def test_csv_keeps_what_the_cells_hold(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    frame = pl.DataFrame({"name": ['a,"b"\nc', None], "value": [1.5, None]})
    deliver(frame, "csv", path)
    assert pl.read_csv(path).equals(frame)


def test_json_is_a_list_of_records(capsys) -> None:
    deliver(pl.DataFrame({"name": ["全国"], "value": [None]}), "json", None)
    assert json.loads(capsys.readouterr().out) == [{"name": "全国", "value": None}]


def test_parquet_is_not_for_a_terminal(monkeypatch) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdout", terminal)
    with pytest.raises(OrchestrationError) as raised:
        deliver(pl.DataFrame({"value": [1]}), "parquet", None)
    assert raised.value.code == "output.binary"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OrchestrationError) as raised:
        deliver(pl.DataFrame({"value": [1]}), "csv", tmp_path / "nowhere" / "out.csv")
    assert raised.value.code == "output.unwritable"
