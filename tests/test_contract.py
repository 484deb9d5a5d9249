"""What users rely on: the relations and columns of the public contract, in metadata, database and document alike."""

import csv
from pathlib import Path

import pytest

from tests.conftest import Released
from warehouse.dictionary import DOCUMENT, Relation, document, public_relations
from warehouse.home import DBT_PROJECT

MUST_HAVE = {
    "fct_observation": "ref_area freq time_period accumulation indicator area_type ref_year obs_value unit_measure "
    "definition basis source vintage obs_status conf_status quality_status comparable_with_previous",
    "fct_observation_vintage": "ref_area freq time_period accumulation indicator area_type ref_year obs_value "
    "unit_measure definition basis source vintage revision_no obs_status conf_status quality_status published_on "
    "known_from known_to recorded_from recorded_to",
    "dim_ref_area": "ref_area valid_from valid_to name_zh name_en level parent successor",
    "dim_ref_area_change": "from to year kind weight",
    "dim_indicator": "indicator name_zh name_en unit_measure display_unit decimals direction definition formula "
    "derived_from prefer standard",
    "dim_source": "source producer licence citation frequency",
    "dim_rule": "rule severity description reason reference validation_level",
    "mart_urban_rural_income": "ref_area ref_year income_urban_cny income_rural_cny urban_rural_income_ratio "
    "urban_rural_income_ratio_published income_gap_cny growth_urban_nominal_pct growth_rural_nominal_pct "
    "growth_differential_pp ratio_change_published obs_status quality_status conf_status basis "
    "comparable_with_previous ref_area_name",
    "mart_urbanization_gap": "ref_area ref_year resident_urbanization_pct registered_urbanization_pct "
    "urbanization_gap_pp urbanization_gap_pp_published obs_status quality_status conf_status basis "
    "comparable_with_previous ref_area_name",
    "mart_composite_index": "index_id node ref_area ref_year variant score_index rank rank_p05 rank_p95 "
    "indicators_present obs_status quality_status conf_status basis comparable_with_previous ref_area_name",
    "mart_indicator_value": "ref_area ref_year indicator area_type value value_published origin alternative_value "
    "basis obs_status quality_status conf_status comparable_with_previous ref_area_name",
    "mart_income_inequality": "ref_area ref_year theil_t theil_l gini_between implied_urban_weight_pct obs_status "
    "quality_status conf_status basis comparable_with_previous ref_area_name",
    "mart_income_structure": "ref_area ref_year area_type component income_cny share_pct contribution_pct pull_pp "
    "obs_status quality_status conf_status basis comparable_with_previous ref_area_name",
    "dim_target": "target_id document section ref_area indicator area_type comparator value unit_measure base_year "
    "base_value period_start target_year kind commitment printed_text ocr_damaged",
    "mart_target_progress": "target_id method assessment_year base_year base_value latest_year latest_value distance "
    "required_rate_from_base_pct required_rate_from_latest_pct actual_rate_pct progress_ratio status warning_level "
    "is_headline reason",
    "mart_league_table": "indicator area_type ref_year ref_area peer_group value rank peers rank_change",
    "mart_quality_flag": "flag_id rule severity ref_area ref_year time_period indicator area_type source vintage "
    "obs_value expected_low expected_high suggested_value diagnosis confidence message_en message_zh disposition "
    "decided_by decided_at",
    "mart_provenance": "ref_area freq time_period accumulation indicator area_type source file_name file_sha256 sheet "
    "cell raw_text unit_text received_at",
    "release_info": "release_id created_at state previous_release_id code_version input_digest observations "
    "flags_open quarantined",
}
UNIT_OF_SUFFIX = {
    "_cny": "CNY",
    "_persons": "PERSONS",
    "_pct": "PCT",
    "_pp": "PP",
    "_ratio": "RATIO",
    "_index": "INDEX",
}


@pytest.mark.parametrize("relation", MUST_HAVE)
def test_the_contract_names_its_columns(relation: str) -> None:
    declared = {each.name: {column.name for column in each.columns} for each in public_relations()}
    assert set(MUST_HAVE[relation].split()) <= declared[relation]


def test_every_model_is_declared_and_every_column_described() -> None:
    models = {path.stem for path in (DBT_PROJECT / "models" / "marts").rglob("*.sql")}
    relations = public_relations()
    assert {relation.name for relation in relations} == models
    assert all(column.description.strip() for relation in relations for column in relation.columns)
    assert all(relation.description.startswith("One row") for relation in relations)


def test_the_document_says_what_the_metadata_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(public_relations()), "run make docs"


@pytest.mark.parametrize("relation", public_relations(), ids=lambda relation: relation.name)
def test_a_release_has_the_declared_columns_types_and_descriptions(
    released: Released, relation: Relation
) -> None:
    found = released.rows(
        "select column_name, lower(data_type), comment from duckdb_columns() where database_name = 'tongji'"
        f" and schema_name = 'marts' and table_name = '{relation.name}' order by column_index"
    )
    declared = [(c.name, c.data_type.replace(" ", ""), c.description) for c in relation.columns]
    assert [(name, kind.replace(" ", ""), comment) for name, kind, comment in found] == declared


def registry() -> list[dict[str, str]]:
    with Path(DBT_PROJECT / "seeds" / "indicator.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_derived_indicator_of_the_registry_is_a_column_with_the_suffix_of_its_unit() -> None:
    columns = {each.name: {column.name for column in each.columns} for each in public_relations()}
    derived = [row for row in registry() if row["mart"]]
    assert derived
    for row in derived:
        assert row["mart_column"] in columns[row["mart"]]
        suffixes = [
            s
            for s in UNIT_OF_SUFFIX
            if s in f"{row['mart_column']}_" and UNIT_OF_SUFFIX[s] == row["unit_measure"]
        ]
        # What the contract names without a unit is a measure of inequality.
        assert (
            suffixes or row["unit_measure"] == "RATIO" or row["mart_column"].startswith(("theil_", "gini_"))
        ), row


def test_every_column_with_a_unit_stands_in_the_registry_or_comes_from_it() -> None:
    known = {row["mart_column"] for row in registry() if row["mart_column"]}
    for relation in public_relations():
        if not relation.name.startswith("mart_urban"):
            continue
        for column in relation.columns:
            if column.data_type == "double" and not column.name.startswith(("income_urban", "income_rural")):
                base = column.name.removesuffix("_published")
                assert {column.name, base} & known or base.startswith(("resident_", "registered_")), (
                    column.name
                )
