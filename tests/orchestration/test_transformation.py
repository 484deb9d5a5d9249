"""dbt inside this process: results, failures, and a manifest that follows the project."""

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import transformation
from orchestration.errors import OrchestrationError, StructuralError
from orchestration.transformation import NodeResult, Transformation, refuse_failures
from warehouse.home import DBT_PROJECT, Home

PROJECT = {
    "dbt_project.yml": "name: tongji\nprofile: tongji\nversion: '1.0'\n",
    "profiles.yml": (DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8"),
    "models/good.sql": "select 1 as number union all select 1",
    "models/reader.sql": "select * from {{ ref('good') }}",
    "models/bounds.sql": "{{ config(materialized='table') }}"
    "select current_setting('threads') as threads, current_setting('memory_limit') as memory",
    "models/broken.sql": "select no_such_column from (select 1 as number)",
    "models/schema.yml": """
models:
  - name: good
    columns: [{name: number, data_tests: [unique]}]
""",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in PROJECT.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def dbt(home: Home, project: Path, monkeypatch: pytest.MonkeyPatch) -> Transformation:
    monkeypatch.setattr(transformation, "DBT_PROJECT", project)
    return Transformation(home)


def test_a_failing_test_is_named_with_its_rows(dbt: Transformation) -> None:
    results = dbt.build(["good"])
    assert {result.name: result.status for result in results} == {
        "good": "success",
        "unique_good_number": "fail",
    }
    with pytest.raises(StructuralError) as raised:
        refuse_failures(results)
    assert raised.value.details["tests"] == "unique_good_number (1)"


def test_a_failing_model_is_named_with_what_the_database_said(dbt: Transformation) -> None:
    with pytest.raises(OrchestrationError) as raised:
        refuse_failures(dbt.build(["broken"]))
    assert raised.value.code == "model.failed"
    assert raised.value.details["model"] == "broken"
    assert raised.value.details["problem"].startswith("Binder Error:")


def test_a_test_waits_until_all_that_it_reads_is_built(dbt: Transformation) -> None:
    assert [result.name for result in dbt.build(["reader"])] != []
    assert {result.kind for result in dbt.build(["reader"])} == {"model"}


def test_the_database_is_free_again_afterwards(dbt: Transformation, home: Home) -> None:
    dbt.build(["good"])
    # Another configuration of one file is refused while any connection of the process is open.
    duckdb.connect(str(home.database), read_only=True).close()


def test_the_database_takes_no_more_of_the_machine_than_the_settings_say(
    dbt: Transformation, home: Home
) -> None:
    home.config.write_text("memory_limit: 512MB\nthreads: 1\n", encoding="utf-8")
    refuse_failures(dbt.build(["bounds"]))
    with duckdb.connect(str(home.database), read_only=True) as connection:
        assert connection.execute("select threads, memory from bounds").fetchone() == (1, "488.2 MiB")


def test_a_project_that_cannot_be_parsed_is_one_sentence(dbt: Transformation, project: Path) -> None:
    odd = project / "models" / "odd.sql"
    odd.write_text("select * from {{ ref('nowhere') }}", encoding="utf-8")
    try:
        with pytest.raises(OrchestrationError) as raised:
            dbt.manifest()
    finally:
        odd.unlink()
    assert raised.value.code == "model.project_broken"
    assert "\n" not in str(raised.value.details["problem"])


def test_the_manifest_is_made_anew_only_when_the_project_changed(dbt, monkeypatch) -> None:
    parsed = []
    parse = Transformation._parse
    monkeypatch.setattr(Transformation, "_parse", lambda self: parsed.append(1) or parse(self))
    monkeypatch.setattr(transformation, "project_digest", lambda: "one")
    assert "model.tongji.good" in dbt.manifest()["nodes"]
    dbt.manifest()
    assert len(parsed) == 1
    monkeypatch.setattr(transformation, "project_digest", lambda: "two")
    dbt.manifest()
    assert len(parsed) == 2


def test_what_was_parsed_serves_another_process_and_another_home(
    dbt: Transformation, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dbt.manifest()
    double = Home(tmp_path / "double")
    shutil.copytree(home.dbt_target, double.dbt_target)
    monkeypatch.setattr(Transformation, "_parse", lambda _: pytest.fail("it was parsed again"))
    refuse_failures(Transformation(double).build(["bounds"]))
    assert double.database.exists()


def test_the_environment_is_left_as_it_was(dbt: Transformation, monkeypatch) -> None:
    monkeypatch.delenv("TONGJI_BUILD_DB", raising=False)
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    dbt.build(["reader"])
    import os

    assert "TONGJI_BUILD_DB" not in os.environ
    assert os.environ["DO_NOT_TRACK"] == "0"


def test_warnings_stop_nothing() -> None:
    refuse_failures([NodeResult("test.tongji.rarely.abc", "warn", 0.1, "", 2)])
