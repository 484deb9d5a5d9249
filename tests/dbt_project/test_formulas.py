"""The unit tests beside the formulas, run by dbt against the build database of a real refresh."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import Released
from warehouse.home import DBT_PROJECT, Home

MARTS = DBT_PROJECT / "models" / "marts" / "_unit_tests.yml"
EVIDENCE = DBT_PROJECT / "models" / "intermediate" / "evidence" / "_unit_tests.yml"


@pytest.fixture(scope="module")
def results(released: Released) -> dict[str, str]:
    """What became of each unit test, by name."""
    from orchestration.transformation import Transformation

    home: Home = released.home
    outcome = Transformation(home)._invoke("test", "--select", "test_type:unit")
    return {result.node.name: str(result.status) for result in outcome.result.results}


@pytest.mark.parametrize(
    "name",
    [
        test["name"]
        for path in (MARTS, EVIDENCE)
        for test in yaml.safe_load(path.read_text("utf-8"))["unit_tests"]
    ],
)
def test_a_formula_does_what_its_unit_test_says(results: dict[str, str], name: str) -> None:
    assert results[name] == "pass"


def test_the_marts_of_numbers_have_unit_tests() -> None:
    tested = {test["model"] for test in yaml.safe_load(MARTS.read_text("utf-8"))["unit_tests"]}
    computing = {path.stem for path in Path(DBT_PROJECT / "models" / "marts").glob("mart_urban*.sql")}
    assert computing | {"mart_observation_today"} <= tested
