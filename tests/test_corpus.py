"""Real tables by others load through a `source.yml` alone, and every cell is what an independent reader finds."""

import csv
import io
import json
import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd

from sources.declared.source import load_declaration
from sources.reading import read
from tests.conftest import Released
from warehouse.home import Home

DECLARED = Path(__file__).parent / "corpus"
FILES = {
    "asem": "asem/Input.IndData.csv",
    "bis_derivatives": "sdmx_csv/data_v2.csv",
    "nbs_months": "nbs_easyquery_json/test_stats_gdp_0.json",
    "portal_gdp": "nbs_portal_csv/province_gbk_legacy_portal.csv",
    "portal_population": "nbs_portal_xls/population_annual.xls",
    "portal_sanitation": "nbs_portal_xls/national_annual.xls",
    "portal_science": "nbs_portal_csv/province_utf8bom_new_portal.csv",
    "research_panel": "province_panel_2000_2019.xlsx",
    "wb_competitiveness": "sdmx_csv/data_v2_no_freq_cols.csv",
}
FURTHER = {"nbs_months": "nbs_easyquery_json/test_stats_multi_period_0.json"}
WITHOUT_FIGURES = {"nbs_provinces": "nbs_easyquery_json/test_get_reg_provinces_0.json"}
TABLES = [*FILES.items(), *FURTHER.items()]
Grid = dict[tuple[int, int], Any]
"""What stands at (row, column), both from 1."""

pytestmark = pytest.mark.corpus


def _delimited(path: Path, encoding: str) -> Grid:
    rows = csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""))
    return {
        (r, c): text.strip() for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1) if text.strip()
    }


def _xlsx(path: Path) -> Grid:
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {(cell.row, cell.column): cell.value for cell in cells if cell.value is not None}


def _xls(path: Path) -> Grid:
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    places = ((r, c) for r in range(sheet.nrows) for c in range(sheet.ncols))
    return {(r + 1, c + 1): sheet.cell_value(r, c) for r, c in places if sheet.cell_value(r, c) != ""}


def _answer(path: Path) -> Grid:
    nodes = json.loads(path.read_text(encoding="utf-8"))["returndata"]["datanodes"]
    return {(at, 0): node["data"]["strdata"] for at, node in enumerate(nodes) if node["data"]["hasdata"]}


def _message(path: Path) -> Grid:
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    column = next(at for at, name in enumerate(rows[0], 1) if name.startswith("OBS_VALUE"))
    return {(line, column): row[column - 1] for line, row in enumerate(rows[1:], 2) if row[column - 1]}


INDEPENDENT: dict[str, Callable[[Path], Grid]] = {
    "asem": lambda path: _delimited(path, "utf-8"),
    "bis_derivatives": _message,
    "nbs_months": _answer,
    "nbs_provinces": _answer,
    "portal_gdp": lambda path: _delimited(path, "gbk"),
    "portal_population": _xls,
    "portal_sanitation": _xls,
    "portal_science": lambda path: _delimited(path, "utf-8-sig"),
    "research_panel": _xlsx,
    "wb_competitiveness": _message,
}
# Where the figures of each table open; they reach to the last column, and down to a note.
OPENING = {
    "asem": (2, 8),
    "portal_gdp": (5, 2),
    "portal_population": (4, 2),
    "portal_sanitation": (4, 2),
    "portal_science": (4, 2),
    "research_panel": (2, 4),
}


def _figures(source: str, path: Path) -> Iterator[tuple[int, int, Any]]:
    grid = INDEPENDENT[source](path)
    row, column = OPENING.get(source, (0, 0))
    return ((r, c, value) for (r, c), value in sorted(grid.items()) if r >= row and c >= column)


def _same(read_text: str, value: Any) -> bool:
    if isinstance(value, str):
        return read_text == value.strip()
    return math.isclose(float(read_text), value, rel_tol=0, abs_tol=0)


@pytest.mark.parametrize(("source", "file"), [*TABLES, *WITHOUT_FIGURES.items()])
def test_every_cell_is_what_an_independent_reader_finds(source: str, file: str, shared: Path) -> None:
    path = shared / "corpus" / file
    reading = read(path, load_declaration(DECLARED / source))
    cells = reading.cells.select("row_no", "col_no", "value_text").rows()
    found = [cell for cell in cells if cell[2]]
    expected = list(_figures(source, path))
    assert reading.rejects == []
    assert (len(expected) > 0) is (source not in WITHOUT_FIGURES)
    assert [cell[:2] for cell in found] == [cell[:2] for cell in expected]
    wrong = [(one, other) for one, other in zip(found, expected, strict=True) if not _same(one[2], other[2])]
    assert wrong == []


def test_an_answer_without_figures_is_missing_values_and_not_zeros(shared: Path) -> None:
    path = shared / "corpus" / WITHOUT_FIGURES["nbs_provinces"]
    reading = read(path, load_declaration(DECLARED / "nbs_provinces"))
    assert reading.cells["value_text"].to_list() == [""] * 403


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Released:
    """All tables in one home without the bundled data, each declared and dropped, refreshed once."""
    home = Home(tmp_path_factory.mktemp("corpus") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    shutil.copytree(DECLARED, home.sources, dirs_exist_ok=True)
    for source, file in [*TABLES, *WITHOUT_FIGURES.items()]:
        (home.inbox / source).mkdir(parents=True, exist_ok=True)
        shutil.copy(shared / "corpus" / file, home.inbox / source)
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.mark.slow
def test_every_number_is_published_or_named_with_the_reason(loaded: Released) -> None:
    assert loaded.rows("select source, cell, message_en from marts.mart_reject") == []
    by_source = dict(
        loaded.rows("""
            select source, count(distinct (file_name, cell)) from (
                select source, file_name, cell from marts.mart_provenance
                union
                select source, file_name, cell from marts.mart_quality_flag where severity = 'error'
            ) group by all""")
    )
    assert set(by_source) == set(FILES)
    for source in FILES:
        files = (loaded.home.inbox / source / Path(file).name for name, file in TABLES if name == source)
        texts = [str(value).strip() for file in files for _, _, value in _figures(source, file)]
        assert by_source[source] == sum(text not in ("", "-", "NA") for text in texts), source


@pytest.mark.slow
def test_the_known_slip_of_the_panel_is_the_only_income_kept_out(loaded: Released) -> None:
    kept_out = "select distinct ref_area, ref_year, obs_value, suggested_value from marts.mart_quality_flag"
    where = "where severity = 'error' and source = 'research_panel' and area_type = 'rural'"
    assert loaded.rows(f"{kept_out} {where}") == [("220000", 2017, 112950.4, 12950.4)]
