"""What the README shows is what happens."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from expectations.rulebook import load_rules
from tests.conftest import CHECKOUT, Released
from warehouse.home import DBT_PROJECT
from warehouse.policy.target import KINDS

METHODS = (
    "growth",
    "linear",
    "projection",
    "escap",
    "cumulative",
    "annual",
    "growth_rate",
    "direction",
    "none",
)

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
MONITORING = (CHECKOUT / "docs" / "monitoring.md").read_text(encoding="utf-8")
INDEX = (CHECKOUT / "docs" / "composite-index.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```\n\$ tongji (.+)\n((?:.*\n)*?)```")
SHOWN = [*EXAMPLE.findall(README), *EXAMPLE.findall(MONITORING), *EXAMPLE.findall(INDEX)]


def test_the_examples_were_found() -> None:
    assert [len(EXAMPLE.findall(page)) for page in (README, MONITORING, INDEX)] == [7, 6, 2]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command[:60] for command, _ in SHOWN])
def test_an_example_gives_what_is_shown(released: Released, command: str, output: str) -> None:
    done = released.tongji(*shlex.split(command))
    assert (done.stdout.strip(), done.returncode) == (output.strip(), 0)


def test_the_counts_of_the_first_refresh_are_those_shown(released: Released) -> None:
    done = released.tongji("refresh")
    assert done.stdout.splitlines()[-1] in README


def test_the_number_of_rules_is_the_one_named() -> None:
    assert f"{len(load_rules())} rules run by Great Expectations" in README


def statuses() -> list[str]:
    """The statuses that the metadata of the models accept."""
    path = DBT_PROJECT / "models" / "marts" / "target" / "_targets.yml"
    models = {model["name"]: model for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]}
    columns = {column["name"]: column for column in models["mart_target_progress"]["columns"]}
    (accepted,) = [one for one in columns["status"]["constraints"] if one["type"] == "check"]
    return re.findall(r"'(\w+)'", accepted["expression"])


def test_every_status_method_and_kind_of_a_target_is_explained() -> None:
    for word in (*KINDS, *statuses(), *METHODS):
        assert f"`{word}`" in MONITORING, word


def test_every_document_that_is_linked_is_there() -> None:
    for page in (CHECKOUT / "README.md", *Path(CHECKOUT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page}: {link}"


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):.*##", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(
        re.findall(r"`make ([a-z]+)`", README + (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    )
    assert named
    assert named <= targets
