"""The seeds as plain files: what dbt's own tests of single columns cannot see."""

import csv
import itertools
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

LEVELS = ["country", "province", "prefecture", "county"]
UNITS = {
    "money": {"CNY"},
    "persons": {"PERSONS"},
    "rate": {"PCT", "PP"},
    "ratio": {"RATIO", "INDEX"},
    "other": {
        "COUNT", "PERSONS", "PERSON_TIMES", "PER_1000_PERSONS", "PER_10000_PERSONS", "RANK", "INDEX", "YEARS",
        "MINUTES", "HECTARES", "SQM", "SQM_PER_PERSON", "KM", "KM_PER_100SQKM", "TONNES", "UG_PER_M3",
    },
}  # fmt: skip
LAST_LISTED_YEAR = 2025

Row = dict[str, str]


def normal(text: str) -> str:
    """A label without regard to case and width."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def to_year(area: Row) -> int:
    return int(area["valid_to"] or LAST_LISTED_YEAR + 1)


def contract_base_indicators(text: str) -> set[str]:
    """The base indicators that the contract lists, its "wage_, business_, property_" spelled out."""
    names = re.search(r"Base indicators: (.*?)\.", text, re.DOTALL).group(1).replace("\n", " ").split(",")
    return {re.sub(r"_$", "_income_per_capita", name.strip()) for name in names}


@pytest.fixture(scope="module")
def seeds(checkout: Path) -> dict[str, list[Row]]:
    folder = checkout / "dbt_project" / "seeds"
    return {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted(folder.glob("*.csv"))
    }


@pytest.fixture(scope="module")
def areas(seeds: dict[str, list[Row]]) -> dict[str, list[Row]]:
    by_code = defaultdict(list)
    for row in sorted(seeds["ref_area"], key=lambda row: int(row["valid_from"])):
        by_code[row["ref_area"]].append(row)
    return dict(by_code)


def test_files_are_utf8_without_mark_and_every_column_is_described(checkout: Path) -> None:
    folder = checkout / "dbt_project" / "seeds"
    declared = {
        seed["name"]: seed for seed in yaml.safe_load((folder / "seeds.yml").read_text("utf-8"))["seeds"]
    }
    assert {path.stem for path in folder.glob("*.csv")} == set(declared)
    for name, seed in declared.items():
        raw = (folder / f"{name}.csv").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf"), name
        assert b"\r" not in raw, name
        header = raw.decode("utf-8").splitlines()[0].split(",")
        assert header == [column["name"] for column in seed["columns"]], name
        assert header == list(seed["config"]["column_types"]), name
        assert header == [column.lower() for column in header], name


def test_every_row_has_as_many_fields_as_the_header(checkout: Path) -> None:
    for path in (checkout / "dbt_project" / "seeds").glob("*.csv"):
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        assert all(field == field.strip() for row in rows for field in row), path.name


def test_codes_are_six_digits_and_levels_go_with_them(seeds: dict[str, list[Row]]) -> None:
    shapes = {
        "country": r"000000",
        "province": r"[1-9]\d0000",
        "prefecture": r"[1-9]\d(?!00)\d\d00",
        "county": r"[1-9]\d\d\d(?!00)\d\d",
    }
    for row in seeds["ref_area"]:
        assert re.fullmatch(shapes[row["level"]], row["ref_area"]), row


def test_periods_of_one_code_do_not_overlap(areas: dict[str, list[Row]]) -> None:
    for rows in areas.values():
        for row in rows:
            assert int(row["valid_from"]) < to_year(row), row
        for earlier, later in itertools.pairwise(rows):
            assert earlier["valid_to"], earlier
            assert int(earlier["valid_to"]) <= int(later["valid_from"]), (earlier, later)


def test_every_parent_is_a_level_above_and_valid_in_every_year_of_the_child(
    areas: dict[str, list[Row]],
) -> None:
    for row in itertools.chain.from_iterable(areas.values()):
        if row["level"] == "country":
            assert row["parent"] == ""
            continue
        parents = areas[row["parent"]]
        assert {LEVELS.index(parent["level"]) for parent in parents} <= set(
            range(LEVELS.index(row["level"]))
        ), row
        for year in range(int(row["valid_from"]), to_year(row)):
            assert any(int(parent["valid_from"]) <= year < to_year(parent) for parent in parents), (row, year)


def test_every_successor_exists_in_the_year_it_takes_over(areas: dict[str, list[Row]]) -> None:
    for row in itertools.chain.from_iterable(areas.values()):
        for successor in filter(None, row["successor"].split(";")):
            match = re.fullmatch(r"(\d{6})(?:\[(\d{4})\])?", successor)
            assert match, row
            year = int(match[2] or row["valid_to"])
            assert any(int(heir["valid_from"]) <= year < to_year(heir) for heir in areas[match[1]]), (
                row,
                successor,
            )


def test_the_retired_city_of_laiwu_leads_to_jinan(areas: dict[str, list[Row]]) -> None:
    (laiwu,) = areas["371200"]
    assert (laiwu["valid_to"], laiwu["successor"]) == ("2018", "370100")


def test_a_label_means_one_area_and_repeats_no_official_name(seeds: dict[str, list[Row]]) -> None:
    official = {normal(row["name_zh"]) for row in seeds["ref_area"]}
    codes = {row["ref_area"] for row in seeds["ref_area"] if row["level"] in {"country", "province"}}
    labels = [normal(row["label"]) for row in seeds["ref_area_label"]]
    assert len(labels) == len(set(labels))
    assert not official & set(labels)
    assert {row["ref_area"] for row in seeds["ref_area_label"]} >= codes
    assert {row["ref_area"] for row in seeds["ref_area_label"]} <= {
        row["ref_area"] for row in seeds["ref_area"]
    }


@pytest.mark.parametrize(
    ("label", "ref_area"),
    [
        ("浙江", "330000"),
        ("江蘇", "320000"),
        ("內蒙古自治區", "150000"),
        ("黑龍江省", "230000"),
        ("陝西", "610000"),
        ("Shaanxi", "610000"),
        ("Shanxi", "140000"),
        ("中国", "000000"),
        ("National", "000000"),
    ],
)
def test_a_label_that_people_write_is_known(seeds: dict[str, list[Row]], label: str, ref_area: str) -> None:
    known = {normal(row["label"]): row["ref_area"] for row in seeds["ref_area_label"]}
    assert known[normal(label)] == ref_area


def test_a_unit_is_read_in_one_way(seeds: dict[str, list[Row]]) -> None:
    meanings = defaultdict(set)
    for row in seeds["unit"]:
        assert row["unit_text"] == row["unit_text"].strip().upper()
        meanings[normal(row["unit_text"])].add((row["unit_measure"], row["multiplier"]))
    assert len({row["unit_text"] for row in seeds["unit"]}) == len(seeds["unit"])
    assert all(len(meaning) == 1 for meaning in meanings.values()), meanings
    for row in seeds["unit"]:
        assert float(row["multiplier"]) > 0, row
    canonical = {row["unit_text"]: row for row in seeds["unit"]}
    for measure in {row["unit_measure"] for row in seeds["unit"]}:
        assert (canonical[measure]["unit_measure"], canonical[measure]["multiplier"]) == (measure, "1")


@pytest.mark.parametrize(
    ("text", "measure", "multiplier"),
    [
        ("万元", "CNY", 10**4),
        ("億元", "CNY", 10**8),
        ("100M_CNY", "CNY", 10**8),
        ("10k_persons", "PERSONS", 10**4),
        ("亿人", "PERSONS", 10**8),
        ("元／人", "CNY", 1),
        ("％", "PCT", 1),
        ("FRACTION", "PCT", 100),
        ("比例（0-1）", "PCT", 100),
        ("倍", "RATIO", 1),
        ("個百分點", "PP", 1),
        ("万家", "COUNT", 10**4),
        ("戶", "COUNT", 1),
        ("名", "PERSONS", 1),
        ("萬人次", "PERSON_TIMES", 10**4),
        ("小時", "MINUTES", 60),
    ],
)
def test_a_unit_that_people_write_is_known(
    seeds: dict[str, list[Row]], text: str, measure: str, multiplier: int
) -> None:
    row = {row["unit_text"]: row for row in seeds["unit"]}[text.strip().upper()]
    assert (row["unit_measure"], float(row["multiplier"])) == (measure, multiplier)


@pytest.mark.parametrize(("text", "per_canonical"), [("亩", 15), ("公斤", 1000), ("斤", 2000)])
def test_a_unit_smaller_than_the_canonical_one_is_the_fraction_that_it_is(
    seeds: dict[str, list[Row]], text: str, per_canonical: int
) -> None:
    of = {row["unit_text"]: float(row["multiplier"]) for row in seeds["unit"]}
    assert of[text] == pytest.approx(1 / per_canonical, rel=2e-16)
    assert of["万" + text] == pytest.approx(10_000 / per_canonical, rel=2e-16)


def test_the_registry_is_complete_and_of_one_piece(seeds: dict[str, list[Row]]) -> None:
    registry = {row["indicator"]: row for row in seeds["indicator"]}
    columns = [
        (row["mart"], row["mart_column"], row["mart_component"]) for row in registry.values() if row["mart"]
    ]
    assert len(columns) == len(set(columns))
    for name, row in registry.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert row["unit_measure"] in UNITS[row["quantity"]], name
        assert float(row["min_value"]) < float(row["max_value"]), name
        assert 0 <= int(row["decimals"]) <= 6, name
        assert bool(row["mart"]) == bool(row["mart_column"]), name
        assert bool(row["mart"]) == bool(row["formula"]) == bool(row["derived_from"]), name
        assert set(row["derived_from"].split()) <= set(registry) - {name}, name
        assert bool(row["formula"]) == bool(row["formula_zh"]), name
        if row["kind"] == "base":
            assert row["prefer"] == "published", name
        else:
            assert row["mart"], name


def test_a_missing_mark_means_the_same_however_wide_it_is_printed(seeds: dict[str, list[Row]]) -> None:
    meanings = defaultdict(set)
    for row in seeds["missing_mark"]:
        meanings[normal(row["text"])].add((row["meaning_en"], row["meaning_zh"]))
        assert row["text"] == row["text"].strip().upper()
        assert not re.search(r"\d", row["text"]), row
    assert all(len(meaning) == 1 for meaning in meanings.values())


@pytest.mark.corpus
def test_the_history_of_codes_is_carried_over_unchanged(seeds: dict[str, list[Row]], shared: Path) -> None:
    text = (shared / "facts" / "ref_area_history.csv").read_text(encoding="utf-8-sig")
    facts = ["ref_area", "valid_from", "valid_to", "name_zh", "level", "parent", "successor"]
    collected = {tuple(row[column] for column in facts) for row in csv.DictReader(text.splitlines())}
    ours = {tuple(row[column] for column in facts) for row in seeds["ref_area"]}
    laiwu = ("371200", "1992", "2018", "莱芜市", "prefecture", "370000")
    assert ours - collected == {(*laiwu, "370100")}
    assert collected - ours == {(*laiwu, "")}


@pytest.mark.corpus
def test_the_registry_has_every_base_indicator_of_the_contract(
    seeds: dict[str, list[Row]], shared: Path
) -> None:
    contract = contract_base_indicators((shared / "design" / "contract.md").read_text(encoding="utf-8"))
    assert len(contract) == 13
    assert {row["indicator"] for row in seeds["indicator"] if row["kind"] == "base"} >= contract


@pytest.mark.corpus
def test_every_collected_figure_lies_within_the_bounds(seeds: dict[str, list[Row]], shared: Path) -> None:
    registry = {row["indicator"]: row for row in seeds["indicator"]}
    units = {row["unit_text"]: row for row in seeds["unit"]}
    outside, read = [], 0
    for path in (shared / "facts").glob("*.csv"):
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        for row in rows:
            if "obs_value" not in row or row["indicator"] not in registry:
                continue
            read += 1
            unit, entry = units[row["unit_measure"]], registry[row["indicator"]]
            assert unit["unit_measure"] == entry["unit_measure"], row
            value = float(row["obs_value"]) * float(unit["multiplier"])
            if not float(entry["min_value"]) <= value <= float(entry["max_value"]):
                outside.append(row)
    assert read > 3000
    assert outside == []
