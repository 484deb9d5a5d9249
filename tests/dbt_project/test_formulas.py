"""The unit tests beside the formulas, run by dbt against the build database of a real refresh."""

import pytest
import yaml

from tests.conftest import Released
from warehouse.home import DBT_PROJECT, Home

MODELS = DBT_PROJECT / "models"
UNIT_TESTS = [
    test
    for path in sorted(MODELS.rglob("_unit_tests.yml"))
    for test in yaml.safe_load(path.read_text("utf-8"))["unit_tests"]
]


@pytest.fixture(scope="module")
def results(released: Released) -> dict[str, str]:
    """What became of each unit test, by name."""
    from orchestration.transformation import Transformation

    home: Home = released.home
    outcome = Transformation(home)._invoke("test", "--select", "test_type:unit")
    return {result.node.name: str(result.status) for result in outcome.result.results}


@pytest.mark.parametrize("name", [test["name"] for test in UNIT_TESTS])
def test_a_formula_does_what_its_unit_test_says(results: dict[str, str], name: str) -> None:
    assert results[name] == "pass"


def test_the_marts_of_numbers_have_unit_tests() -> None:
    tested = {test["model"] for test in UNIT_TESTS}
    folders = ("indicator", "target", "index", "monitoring")
    computing = {path.stem for name in folders for path in (MODELS / "marts" / name).glob("mart_*.sql")}
    assert computing
    assert computing | {"mart_observation_today"} <= tested
