"""The register of targets: held together with the other registers, and with the documents that it quotes."""

import csv
import re
from pathlib import Path

import pytest

NO_TARGET = {"context", "actual"}
DIRECTIONS = {"up", "down"}
STRICT = {"超": ">", "超过": ">", "突破": ">", "高于": ">", "快于": ">", "优于": "<"}
ABOUT = {"左右", "约", "稳定在", "基本完成", "基本全覆盖"}
LEAST = {"以上", "不低于", "不少于"}
MOST = {"以内"}
IN_FULL = 100

Row = dict[str, str]


@pytest.fixture(scope="module")
def seeds(checkout: Path) -> dict[str, dict[str, Row]]:
    """The rows of a register by what it calls them."""
    keys = {"target": "target_id", "document": "document", "indicator": "indicator", "unit": "unit_text"}
    found: dict[str, dict[str, Row]] = {}
    for seed, key in keys.items():
        text = (checkout / "dbt_project" / "seeds" / f"{seed}.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        found[seed] = {row[key]: row for row in rows}
        assert len(found[seed]) == len(rows), seed
    return found


@pytest.fixture(scope="module")
def targets(seeds: dict[str, dict[str, Row]]) -> list[Row]:
    return list(seeds["target"].values())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_an_indicator_of_a_target_is_registered(seeds: dict[str, dict[str, Row]], targets: list[Row]) -> None:
    assert {row["indicator"] for row in targets} <= seeds["indicator"].keys()


def test_a_unit_of_a_target_is_one_of_its_indicator(
    seeds: dict[str, dict[str, Row]], targets: list[Row]
) -> None:
    for row in targets:
        assert bool(row["unit"]) == bool(row["value"]), row
        if row["unit"]:
            measure = seeds["indicator"][row["indicator"]]["unit_measure"]
            wanted = "PCT" if row["kind"] == "annual_growth_target" else measure
            assert seeds["unit"][row["unit"]]["unit_measure"] == wanted, row


def test_a_mark_lies_within_the_bounds_of_its_indicator(
    seeds: dict[str, dict[str, Row]], targets: list[Row]
) -> None:
    for row in targets:
        entry = seeds["indicator"][row["indicator"]]
        if not row["value"] or row["kind"] == "annual_growth_target":
            continue
        multiplier = float(seeds["unit"][row["unit"]]["multiplier"])
        for value in filter(None, (row["value"], row["base_value"])):
            assert float(entry["min_value"]) <= float(value) * multiplier <= float(entry["max_value"]), row


def test_a_target_is_of_a_document_and_of_its_area(
    seeds: dict[str, dict[str, Row]], targets: list[Row], checkout: Path
) -> None:
    areas = (checkout / "dbt_project" / "seeds" / "ref_area.csv").read_text(encoding="utf-8").splitlines()
    in_force = {row["ref_area"] for row in csv.DictReader(areas) if not row["valid_to"]}
    for document in seeds["document"].values():
        assert document["ref_area"] in in_force, document
        assert bool(document["base_year"]) == bool(document["base_year_source"]), document
        if document["plan_start"]:
            assert int(document["base_year"]) < int(document["plan_start"]) < int(document["plan_end"])
    for row in targets:
        document = seeds["document"][row["document"]]
        assert row["target_id"].startswith(f"{row['document']}."), row
        assert row["ref_area"] == document["ref_area"], row
        if row["target_year"] and document["plan_end"] and row["kind"] not in NO_TARGET:
            assert int(document["plan_start"]) <= int(row["target_year"]) <= int(document["plan_end"]), row
            assert row["period_start"] in {"", document["plan_start"]}, row


def test_a_base_lies_before_the_year_of_the_target(targets: list[Row]) -> None:
    for row in targets:
        assert bool(row["base_year"]) == bool(row["base_value"]), row
        if row["base_year"]:
            assert int(row["base_year"]) < int(row["target_year"]), row


def test_what_is_compared_how_follows_from_the_kind(targets: list[Row]) -> None:
    for row in targets:
        if row["kind"] in NO_TARGET:
            assert row["comparator"] == "", row
            assert row["commitment"] == "stated", row
        elif row["kind"] == "directional_target":
            assert row["comparator"] in DIRECTIONS, row
            assert row["value"] == "", row
        else:
            assert row["comparator"] not in {"", *DIRECTIONS}, row
            assert row["value"], row
        if row["kind"] in {"annual_target", "annual_growth_target"}:
            assert row["period_start"], row
            assert row["target_year"], row
        if row["period_start"]:
            assert row["kind"] in {"cumulative_target", "annual_target", "annual_growth_target"}, row
        assert bool(row["target_year"]) == bool(row["year_source"]), row


def test_the_comparator_is_that_of_the_printed_word(targets: list[Row]) -> None:
    for row in targets:
        printed, comparator = row["printed_comparator"], row["comparator"]
        if row["kind"] in NO_TARGET:
            continue
        assert (comparator in {">", "<"}) == (printed in STRICT), row
        assert STRICT.get(printed, comparator) == comparator, row
        assert (comparator == "about") == (printed in ABOUT), row
        assert printed not in LEAST or comparator == ">=", row
        assert printed not in MOST or comparator == "<=", row


def test_a_word_of_endeavour_in_the_quotation_makes_it_aspirational(targets: list[Row]) -> None:
    endeavour = re.compile("力[争爭]|[争爭]取|[争爭][创創]|努力")
    for row in targets:
        if endeavour.search(row["printed_text"]):
            assert row["commitment"] == "aspirational", row


def test_what_covers_all_is_a_hundred_percent(targets: list[Row]) -> None:
    found = [row for row in targets if "全覆盖" in row["printed_comparator"]]
    assert found
    for row in found:
        assert (row["value"], row["unit"]) == (str(IN_FULL), "%"), row


def test_what_is_inferred_or_damaged_says_on_what_ground(targets: list[Row]) -> None:
    for row in targets:
        if row["year_source"] == "inferred" or row["ocr_damaged"] == "true":
            assert row["note"], row


@pytest.mark.corpus
def test_every_collected_figure_of_a_document_is_registered(
    seeds: dict[str, dict[str, Row]], shared: Path
) -> None:
    text = (shared / "domain" / "policy_targets.csv").read_text(encoding="utf-8-sig")
    collected = [row["target_id"] for row in csv.DictReader(text.splitlines())]
    assert len(collected) == 240
    assert set(collected) <= seeds["target"].keys()


@pytest.mark.corpus
def test_every_quotation_stands_on_its_line_of_the_document(targets: list[Row], shared: Path) -> None:
    documents = {
        path.name[:3]: path.read_text(encoding="utf-8").split("\n")
        for path in (shared / "domain" / "documents").glob("*.txt")
    }
    for row in targets:
        lines, at = documents[row["document"]], int(row["source_line"])
        # A line of print goes on two lines below, since blank ones lie between.
        near = squeezed("".join(lines[max(at - 5, 0) : at + 4]))
        assert squeezed(row["printed_text"]) in near, row
        for department in filter(None, row["departments"].split("；")):
            assert department in lines[at - 1], row
