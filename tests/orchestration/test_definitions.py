"""What the orchestrator loads: thin assembly, real lineage, one writer."""

from pathlib import Path

import dagster as dg
import pytest

from expectations.rulebook import load_rules
from orchestration.definitions import REFRESH
from orchestration.lineage import RELEASE, VERDICT, Lineage, observation_key, raw_key
from orchestration.resources import WRITER

SOURCES = ("national", "province_panel", "province_urbanization", "submission")


@pytest.fixture(scope="session")
def graph(definitions: dg.Definitions) -> dg._core.definitions.assets.graph.asset_graph.AssetGraph:
    return definitions.resolve_asset_graph()


def upstream(graph, key: dg.AssetKey) -> set[dg.AssetKey]:
    """Everything that an asset rests on."""
    found: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        parents = graph.get(waiting.pop()).parent_keys - found
        found |= parents
        waiting.extend(parents)
    return found


def test_the_assembly_is_thin(checkout: Path) -> None:
    lines = (checkout / "orchestration" / "definitions.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60


def test_definitions_can_be_loaded_by_the_orchestrator(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)
    assert definitions.resolve_job_def(REFRESH).executor_def.name == "in_process"


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_leads_to_its_observations_and_to_the_release(graph, source: str) -> None:
    assert raw_key(source) in graph.get(observation_key(source)).parent_keys
    assert raw_key(source) in upstream(graph, RELEASE)
    assert observation_key(source) in upstream(graph, dg.AssetKey(["intermediate", "int_observation"]))


def test_verdicts_stand_between_evidence_and_public_relations(graph) -> None:
    assert dg.AssetKey(["intermediate", "int_observation_evidence"]) in graph.get(VERDICT).parent_keys
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    assert marts
    assert all(VERDICT in upstream(graph, mart) for mart in marts)
    assert marts <= graph.get(RELEASE).parent_keys


def test_nothing_upstream_of_the_verdicts_reads_them(graph) -> None:
    assert not {key for key in upstream(graph, VERDICT) if key.path[0] == "marts"}


def test_every_model_and_seed_is_an_asset(graph, lineage: Lineage) -> None:
    nodes = lineage.manifest["nodes"].values()
    names = {node["name"] for node in nodes if node["resource_type"] in ("model", "seed")} - {"int_cell"}
    assert names <= {key.path[-1] for key in graph.get_all_asset_keys()}


def test_every_asset_says_what_it_is_and_where_in_the_process(graph) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        phase = node.group_name.split("_")[0]
        assert phase in ("design", "collect", "process", "analyse", "disseminate"), key
        if key.path[0] in ("raw", "observation", "marts", "quality", "release"):
            assert node.description, key


def test_observations_are_partitioned_by_year_and_computed_in_one_go(graph) -> None:
    node = graph.get(observation_key("national"))
    years = node.partitions_def.get_partition_keys()
    assert years[0] == "1949"
    assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_every_step_waits_for_its_turn_to_write(definitions: dg.Definitions) -> None:
    steps = definitions.resolve_job_def(REFRESH).nodes
    assert {step.definition.pool for step in steps} == {WRITER}


def test_every_rule_is_a_check(graph) -> None:
    checks = {key.name for key in graph.asset_check_keys if key.asset_key == VERDICT}
    assert checks == {rule.name for rule in load_rules()}


def test_tests_of_the_models_are_checks(graph, lineage: Lineage) -> None:
    key = dg.AssetCheckKey(dg.AssetKey(["reference", "unit"]), "unique_unit_unit_text")
    assert key in graph.asset_check_keys


def test_all_that_rests_on_observations_in_force_can_be_seen_as_of_a_day(lineage: Lineage) -> None:
    in_force = "model.tongji.fct_observation"
    children = lineage.manifest["child_map"]
    reached, waiting = set(), [in_force]
    while waiting:
        one = waiting.pop()
        reached.add(one)
        waiting += [child for child in children[one] if child.startswith("model.") and child not in reached]
    # release_info is about the release itself, whatever day is asked for.
    assert set(lineage.seen_as_of()) == {one.split(".")[-1] for one in reached} - {"release_info"}
    assert next(iter(lineage.seen_as_of())) == "fct_observation"
