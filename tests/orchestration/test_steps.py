"""The steps one by one, in the orchestrator but without the whole project: retries, ranges, failures."""

from collections.abc import Iterator
from typing import ClassVar

import dagster as dg
import pytest

from orchestration import assets, resources
from orchestration.assets import collect_assets, observation_assets
from orchestration.errors import StructuralError, project_error
from orchestration.lineage import observation_key, raw_key
from orchestration.resources import Build
from orchestration.schedule import year_range
from orchestration.transformation import NodeResult
from warehouse.build import open_build
from warehouse.collection import Intake, declared_sources
from warehouse.digest import meaning_digest
from warehouse.errors import WarehouseError
from warehouse.home import CHECKOUT, Home
from warehouse.lock import build_lock
from warehouse.settings import load_settings

ROW = "330400,2020,disposable_income_per_capita,total,54667,CNY"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def declarations(home: Home):
    return declared_sources(home, load_settings(home))


def run(
    home: Home, step: dg.AssetsDefinition, instance: dg.DagsterInstance, **options
) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [step], resources={"build": Build(root=str(home.root))}, instance=instance, **options
    )


def rows(home: Home, sql: str) -> list[tuple]:
    with open_build(home) as connection:
        return connection.execute(sql).fetchall()


class Invocations:
    """Stands in for the dbt project: remembers each invocation, and makes the table that it would make."""

    made: ClassVar[list[tuple[tuple[str, ...], bool]]] = []
    results: ClassVar[list[NodeResult]] = []

    def __init__(self, home: Home) -> None:
        self.home = home

    def build(self, nodes: list[str], full_refresh: bool = False) -> list[NodeResult]:
        self.made.append((tuple(nodes), full_refresh))
        with open_build(self.home) as connection:
            connection.execute("create schema if not exists intermediate")
            connection.execute("create or replace table intermediate.int_cell as from process.pending")
        return self.results


@pytest.fixture
def invocations(home: Home, monkeypatch: pytest.MonkeyPatch) -> type[Invocations]:
    """Cells of two years of one source, staged; and no dbt."""
    with open_build(home) as connection:
        connection.execute("create schema staging")
        connection.execute("""create table staging.stg_cell as
            select 'submission' as source, ref_year, 1 as file_id from (values (2019), (2020)) as t (ref_year)""")
    monkeypatch.setattr(Invocations, "made", [])
    monkeypatch.setattr(Invocations, "results", [])
    monkeypatch.setattr(resources, "Transformation", Invocations)
    return Invocations


def test_a_retry_of_loading_does_not_duplicate(home, submit, instance, monkeypatch) -> None:
    submit(ROW)
    attempts = []

    def load_then_fail(*arguments):
        loaded = load(*arguments)
        attempts.append(loaded)
        if len(attempts) == 1:
            raise OSError("disk full")
        return loaded

    load = assets.load
    monkeypatch.setattr(assets, "load", load_then_fail)
    monkeypatch.setattr(assets, "RETRY", dg.RetryPolicy(max_retries=1))
    assert run(home, collect_assets(declarations(home)), instance).success
    assert len(attempts) == 2
    assert rows(home, "select count(*) from raw.cell") == [(1,)]
    assert rows(home, "select count(*) from raw.file") == [(1,)]


def test_what_a_person_must_mend_is_not_tried_again(home, instance, monkeypatch) -> None:
    attempts = []

    def refuse(*_):
        attempts.append(1)
        raise WarehouseError("archive.file_changed", file="x.csv")

    monkeypatch.setattr(assets, "receive", refuse)
    with pytest.raises(dg.Failure) as raised:
        run(home, collect_assets(declarations(home)), instance)
    assert len(attempts) == 1
    assert project_error(raised.value).code == "archive.file_changed"


def test_loading_reports_counts_and_notices(home, submit, instance, monkeypatch) -> None:
    submit(ROW)
    (home.inbox / "nobody").mkdir()
    told = []
    monkeypatch.setattr(assets.progress, "notice", lambda code, _: told.append(code))
    result = run(home, collect_assets(declarations(home)), instance)
    (event,) = result.asset_materializations_for_node("collect")
    assert event.metadata["files"].value == 1
    assert event.metadata["cells"].value == 1
    assert told == ["inbox.unknown_source"]


def test_a_range_of_years_is_one_invocation_of_dbt(home, invocations, instance) -> None:
    result = run(home, observation_assets(declarations(home)), instance, tags=year_range(2015, 2020))
    assert result.success
    assert invocations.made == [(("int_cell",), True)]
    years = {event.partition for event in result.asset_materializations_for_node("observe")}
    assert years == {str(year) for year in range(2015, 2021)}


def test_years_outside_the_range_stay_pending(home, invocations, instance) -> None:
    run(home, observation_assets(declarations(home)), instance, tags=year_range(2020, 2020))
    done = rows(home, "select ref_year, project_digest from process.observation_partition")
    assert done == [(2020, meaning_digest(declarations(home)))]


def test_what_is_up_to_date_is_not_computed_again(home, invocations, instance) -> None:
    step = observation_assets(declarations(home))
    run(home, step, instance, tags=year_range(2015, 2020))
    run(home, step, instance, tags=year_range(2015, 2020))
    assert len(invocations.made) == 1


def test_an_edited_declaration_computes_every_year_again(home, invocations, instance) -> None:
    folder = home.sources / "submission_county"
    folder.mkdir(parents=True)
    declared = (CHECKOUT / "sources" / "submission" / "source.yml").read_text(encoding="utf-8")
    own = declared.replace("source: submission", "source: submission_county")
    (folder / "source.yml").write_text(own, encoding="utf-8")
    step = observation_assets(declarations(home))
    run(home, step, instance, tags=year_range(2015, 2020))
    (folder / "source.yml").write_text(own + "vintage: 2020-01-01\n", encoding="utf-8")
    run(home, step, instance, tags=year_range(2020, 2020))
    assert invocations.made == [(("int_cell",), True), (("int_cell",), True)]


def test_a_file_that_changed_meanwhile_keeps_the_release_from_being_up_to_date(
    home, submit, instance, monkeypatch
) -> None:
    notice = ("archive.file_changed", {"file": submit(ROW)})
    monkeypatch.setattr(assets, "receive", lambda *_: Intake(notices=[notice]))
    assert run(home, collect_assets(declarations(home)), instance).success
    assert rows(home, "select input_digest from process.collected") == [("",)]


def test_a_failed_model_leaves_its_years_pending(home, invocations, instance) -> None:
    invocations.results.append(
        NodeResult("model.tongji.int_cell", "error", 0.1, "Binder Error: no column", 0)
    )
    with pytest.raises(dg.Failure) as raised:
        run(home, observation_assets(declarations(home)), instance, tags=year_range(2015, 2020))
    assert project_error(raised.value).code == "model.failed"
    assert rows(home, "select count(*) from process.observation_partition") == [(0,)]


def test_a_failed_test_of_the_structure_is_a_gate(home, invocations, instance) -> None:
    invocations.results.append(NodeResult("test.tongji.unique_key.abc", "fail", 0.1, "Got 3 results", 3))
    with pytest.raises(dg.Failure) as raised:
        run(home, observation_assets(declarations(home)), instance, tags=year_range(2015, 2020))
    error = project_error(raised.value)
    assert isinstance(error, StructuralError)
    assert error.details["tests"] == "unique_key (3)"


def test_a_run_that_finds_the_build_held_fails_before_its_first_step(home, submit, instance) -> None:
    submit(ROW)
    with build_lock(home), pytest.raises(dg.DagsterError) as raised:
        run(home, collect_assets(declarations(home)), instance)
    assert project_error(raised.value).code == "build.locked"
    assert not (home.archive / "receipts.jsonl").exists()


def test_a_source_removed_since_the_definitions_were_loaded_is_named(home, submit, instance) -> None:
    submit(ROW)
    known = declarations(home)
    with pytest.raises(dg.Failure) as raised:
        run(home, collect_assets(known | {"county": known["submission"]}), instance)
    error = project_error(raised.value)
    assert error.code == "serve.source_gone"
    assert error.details["source"] == "county"


def test_one_source_can_be_asked_for_alone(home, submit, instance) -> None:
    submit(ROW)
    result = run(home, collect_assets(declarations(home)), instance, selection=[raw_key("submission")])
    assert {event.asset_key for event in result.asset_materializations_for_node("collect")} == {
        raw_key("submission")
    }
    assert observation_key("submission").path == ["observation", "submission"]
