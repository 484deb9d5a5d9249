"""The guide to reviews names every action, every state, every setting and every file."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.cli_review import ACTIONS
from warehouse.home import DBT_PROJECT
from warehouse.settings import Approval


@pytest.fixture(scope="module")
def guide(checkout: Path) -> str:
    return (checkout / "docs" / "reviews.md").read_text(encoding="utf-8")


def test_every_action_and_setting_is_explained(guide: str) -> None:
    for action in ACTIONS:
        assert f" {action} " in guide, action
    for setting in Approval.model_fields:
        assert f"{setting}: true" in guide, setting


def test_every_state_of_a_decision_is_explained(guide: str) -> None:
    with (DBT_PROJECT / "models" / "marts" / "_reviews.yml").open(encoding="utf-8") as file:
        (relation,) = yaml.safe_load(file)["models"]
    (state,) = [column for column in relation["columns"] if column["name"] == "state"]
    (accepted,) = [one for one in state["constraints"] if one["type"] == "check"]
    values = re.findall(r"'(\w+)'", accepted["expression"])
    assert len(values) == 6
    for value in values:
        assert f"| `{value}` |" in guide, value


def test_every_file_of_the_folder_is_named(guide: str) -> None:
    for name in ("decisions.jsonl", "`head`", "`evidence/`", "reviews/queries/"):
        assert name in guide, name
