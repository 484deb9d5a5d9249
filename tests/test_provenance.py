"""Every released number leads to a cell, and in the archived file there stands what the release says."""

import csv
import io
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from tests.conftest import Released
from warehouse.archive import content_path

SEED = 20260101
CELLS = 1000
KEY = "ref_area, freq, time_period, accumulation, indicator, area_type, source, definition, vintage"


@pytest.mark.parametrize(
    ("relation", "key"), [("fct_observation", KEY), ("fct_observation_vintage", f"{KEY}, revision_no")]
)
def test_no_number_is_without_its_cell(released: Released, relation: str, key: str) -> None:
    without = f"""
        select count(*) filter (provenance.cell is null), count(*)
        from marts.{relation} as observation left join marts.mart_provenance as provenance
            using ({key}, obs_value)"""
    ((missing, numbers),) = released.rows(without)
    assert numbers > 3000
    assert missing == 0


@cache
def sheets(path: Path, is_workbook: bool) -> dict[str, list[list[object]]]:
    """The texts and numbers of a file by sheet, read without our readers."""
    if not is_workbook:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            text = path.read_text(encoding="gb18030")
        return {"": [list(row) for row in csv.reader(text.splitlines())]}
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }


def printed(value: object) -> Iterator[str]:
    """The spellings of what a cell holds: a workbook's number has no spelling of its own."""
    if isinstance(value, float) and value.is_integer():
        yield str(int(value))
    yield str(value).strip()


def test_a_thousand_cells_stand_in_the_archived_files(released: Released) -> None:
    rows = released.rows(
        "select distinct file_sha256, file_name, coalesce(sheet, ''), cell, raw_text"
        " from marts.mart_provenance order by all"
    )
    chosen = random.Random(SEED).sample(rows, CELLS)
    assert len({file_name for _, file_name, *_ in chosen}) > 1
    for sha256, file_name, sheet, cell, raw_text in chosen:
        path = content_path(released.home.archive, sha256)
        row_no, col_no = coordinate_to_tuple(cell)
        found = sheets(path, file_name.endswith(".xlsx"))[sheet][row_no - 1][col_no - 1]
        assert raw_text in set(printed(found)), (file_name, sheet, cell)
