"""The bundled files, read as declared, against other readers and against the collected facts."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sources.catalog import BUNDLED, find_sources
from sources.declared.source import Declaration
from sources.parsing import parse
from warehouse.collection import files_of
from warehouse.home import DBT_PROJECT, Home

SOURCES = find_sources([BUNDLED])
FACTS = Path(__file__).parents[3] / "shared" / "facts"
PROVINCES = 31
UNIT_OF_TEXT = {"元": "CNY", "万人": "10K_PERSONS", "比例（0-1）": "FRACTION", "%": "PCT"}
VINTAGE_IN_ROW = {"national", "reported"}


def bundled_files(declaration: Declaration) -> list[Path]:
    """The data files beside `source.yml`, as a refresh finds them where nothing was sent."""
    return [path for _, path in files_of(Home(declaration.folder / "nowhere"), declaration)]


def cells(source: str) -> list[dict[str, Any]]:
    (path,) = bundled_files(SOURCES[source])
    reading = parse(path, SOURCES[source], path.name)
    assert reading.rejects == []
    return list(reading.cells.iter_rows(named=True))


def meaning(declaration: Declaration, label: str, year: int) -> tuple[str, str, str]:
    """Indicator, area type and basis that the declaration gives to a label in a year."""
    (series,) = [
        series
        for series in declaration.series
        if series.label == label and (series.first_year or year) <= year <= (series.last_year or year)
    ]
    return series.indicator, series.area_type, series.basis


def figures(source: str) -> dict[tuple[str, ...], tuple[Decimal, str]]:
    """Value and unit by area, year, indicator, area type, basis and vintage."""
    declaration = SOURCES[source]
    found: dict[tuple[str, ...], tuple[Decimal, str]] = {}
    for cell in cells(source):
        year = cell["time_label"].removesuffix("年")
        if source in VINTAGE_IN_ROW:
            meant = (cell["indicator_label"], cell["area_type_label"], cell["basis"])
        else:
            meant = meaning(declaration, cell["indicator_label"], int(year))
        vintage = cell["vintage_text"] or str(declaration.vintage)
        unit = UNIT_OF_TEXT.get(cell["unit_text"], cell["unit_text"])
        key = (cell["ref_area_label"], year, *meant, vintage)
        assert key not in found
        found[key] = (Decimal(cell["value_text"]), unit)
    return found


@pytest.mark.corpus
@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts are not beside the checkout")
@pytest.mark.parametrize(
    ("source", "file", "area"),
    [
        ("province_panel", "province_income_population_2000_2019.csv", "ref_area_name"),
        ("province_urbanization", "province_urbanization_2005_2024.csv", "ref_area_name"),
        ("national", "national.csv", "ref_area"),
    ],
)
def test_every_figure_equals_the_collected_fact(source: str, file: str, area: str) -> None:
    with (FACTS / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    keys = (area, "time_period", "indicator", "area_type", "basis", "vintage")
    expected = {
        tuple(row[key] for key in keys): (Decimal(row["obs_value"]), row["unit_measure"]) for row in rows
    }
    assert len(expected) == len(rows)
    assert figures(source) == expected


@pytest.mark.corpus
@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts are not beside the checkout")
def test_every_reported_figure_is_a_collected_fact_or_stands_in_a_document() -> None:
    with (FACTS / "jiaxing_shandong_reported.csv").open(encoding="utf-8", newline="") as lines:
        facts = {
            tuple(
                row[key] for key in ("ref_area", "time_period", "indicator", "area_type", "basis", "vintage")
            ): (
                Decimal(row["obs_value"]),
                row["unit_measure"],
            )
            for row in csv.DictReader(lines)
        }
    with (DBT_PROJECT / "seeds" / "target.csv").open(encoding="utf-8", newline="") as lines:
        actual = {
            (row["ref_area"], row["target_year"], row["indicator"], row["area_type"]): Decimal(row["value"])
            for row in csv.DictReader(lines)
            if row["kind"] == "actual"
        }
    found = figures("reported")
    assert facts.items() <= found.items()
    quoted = {key[:4]: value for key, (value, _) in found.items() if key not in facts or key[:4] in actual}
    assert quoted == actual


def test_a_reported_figure_that_was_not_printed_is_marked_as_estimated() -> None:
    derived = [cell for cell in cells("reported") if "derived" in cell["obs_comment"]]
    assert [(cell["value_text"], cell["obs_status"]) for cell in derived] == [("1.60", "E")]
    assert all(cell["obs_comment"] and cell["vintage_text"] for cell in cells("reported"))


def test_the_panel_stands_where_openpyxl_finds_it() -> None:
    (path,) = bundled_files(SOURCES["province_panel"])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    found = cells("province_panel")
    assert len(found) == 4 * 20 * PROVINCES
    for cell in found:
        stored = sheet.cell(cell["row_no"], cell["col_no"]).value
        assert float(cell["value_text"]) == stored
        assert cell["ref_area_label"] == sheet.cell(cell["row_no"], 1).value
    numbers = [entry for row in sheet.iter_rows(min_col=2, values_only=True) for entry in row if entry]
    headings = 4 * 20 + 4
    assert len(numbers) == len(found) + headings


def test_a_figure_of_the_panel_has_the_labels_of_its_block() -> None:
    at = {(cell["row_no"], cell["col_no"]): cell for cell in cells("province_panel")}
    jilin = next(cell for cell in at.values() if cell["value_text"] == "112950.4")
    assert (jilin["ref_area_label"], jilin["time_label"], jilin["unit_text"]) == ("吉林省", "2017", "元")
    assert jilin["indicator_label"] == "农村居民人均纯收入（2014年起为可支配收入）"
    first, last = at[5, 2], at[112, 21]
    assert (first["ref_area_label"], first["time_label"], first["unit_text"]) == ("北京市", "2000", "元")
    assert (last["ref_area_label"], last["time_label"], last["unit_text"]) == (
        "新疆维吾尔自治区",
        "2019",
        "比例（0-1）",
    )


def test_the_portal_file_stands_where_the_csv_module_finds_it() -> None:
    (path,) = bundled_files(SOURCES["province_urbanization"])
    rows = list(csv.reader(path.read_text(encoding="gb18030").splitlines()))
    found = cells("province_urbanization")
    assert len(found) == 20 * PROVINCES
    for cell in found:
        row = rows[cell["row_no"] - 1]
        assert (row[0], row[cell["col_no"] - 1]) == (cell["ref_area_label"], cell["value_text"])
        assert rows[3][cell["col_no"] - 1] == cell["time_label"]


def test_the_national_file_stands_where_the_csv_module_finds_it() -> None:
    (path,) = bundled_files(SOURCES["national"])
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = cells("national")
    assert [(cell["value_text"], cell["vintage_text"], cell["definition"]) for cell in found] == [
        (row["OBS_VALUE"], row["VINTAGE"], row["DEFINITION"]) for row in rows
    ]
    assert [cell["row_no"] for cell in found] == list(range(2, len(rows) + 2))


def test_digits_are_those_that_were_printed() -> None:
    printed = {
        (cell["indicator_label"], cell["time_label"]): cell["value_text"] for cell in cells("national")
    }
    assert printed["registered_urbanization_rate", "2020"] == "45.4"
    assert printed["resident_urbanization_rate", "2018"] == "61.50"


@pytest.mark.parametrize("source", [name for name in SOURCES if SOURCES[name].coverage])
def test_the_declared_coverage_is_what_the_files_hold(source: str) -> None:
    expected = {
        (entry.indicator, entry.area_type, str(year))
        for entry in SOURCES[source].coverage
        for year in range(entry.first_year, entry.last_year + 1)
    }
    held = [key[1:4] for key in figures(source)]
    assert {(indicator, area_type, year) for year, indicator, area_type in held} == expected
    areas = "000000" if source == "national" else "provinces"
    assert all(entry.areas in (areas, (areas,)) for entry in SOURCES[source].coverage)


@pytest.mark.parametrize("source", list(SOURCES))
def test_the_files_described_are_the_files_bundled(source: str) -> None:
    declaration = SOURCES[source]
    described = sorted(file.name for file in declaration.files)
    assert described == [path.name for path in bundled_files(declaration)]
