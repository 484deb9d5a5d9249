"""How fast a large workbook is read, guard and scan included, against openpyxl in one run. Nothing passes or fails.

A million cells, numbers with all their digits and texts, under one header. The first file of a process pays for its
start; the next ones of a batch do not.
"""

import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sources.catalog import find_sources
from sources.reading import Reader, read
from warehouse.home import BUNDLED_SOURCES

RUNS = 3
ROWS = 100_000
HEADER = [
    "REF_AREA", "TIME_PERIOD", "INDICATOR", "AREA_TYPE", "OBS_VALUE", "UNIT_MEASURE",
    "STANDARD_ERROR", "BASIS", "DEFINITION", "OBS_COMMENT",
]  # fmt: skip


def write_workbook(path: Path) -> None:
    """Ten columns, six of texts and three of numbers, and a code that is a text of digits."""
    chance = random.Random(20260101)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(HEADER)
    for n in range(ROWS):
        sheet.append([f"{110000 + n % 3000:06}", 2000 + n % 25, "gdp", "total", chance.random() * 1e6, "亿元",
                      round(chance.random(), 3), "b", "d", f"备注{n % 97}"])  # fmt: skip
    book.save(path)


def by_openpyxl(path: Path) -> int:
    """Every value of every sheet, as the library gives it."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))


def seconds(measured: Callable[[], object]) -> float:
    begun = time.perf_counter()
    measured()
    return time.perf_counter() - begun


@pytest.mark.bench
def test_workbook_speed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "million.xlsx"
    write_workbook(path)
    submission = find_sources([BUNDLED_SOURCES])["submission"]
    assert read(path, submission).cells.height == ROWS
    assert by_openpyxl(path) == (ROWS + 1) * len(HEADER)
    with Reader() as reader:
        reader.read(path, submission, path.name)
        measured = {
            "openpyxl": [seconds(lambda: by_openpyxl(path)) for _ in range(RUNS)],
            "one file, with the start of its reader": [
                seconds(lambda: read(path, submission)) for _ in range(RUNS)
            ],
            "a file of a batch": [
                seconds(lambda: reader.read(path, submission, path.name)) for _ in range(RUNS)
            ],
        }
    slowest = statistics.median(measured["openpyxl"])
    lines = ["| a workbook of a million cells | wall s | times as fast as openpyxl |", "|---|---|---|"]
    for what, runs in measured.items():
        lines.append(f"| {what} | {statistics.median(runs):.2f} | {slowest / statistics.median(runs):.1f} |")
    with capsys.disabled():
        print("", *lines, sep="\n")
