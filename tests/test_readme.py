"""What the README shows is what happens."""

import re
import shlex
from pathlib import Path

import pytest

from expectations.rulebook import load_rules
from tests.conftest import CHECKOUT, Released

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```\n\$ tongji (.+)\n((?:.*\n)*?)```", README)


def test_the_examples_were_found() -> None:
    assert len(SHOWN) == 6


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command[:60] for command, _ in SHOWN])
def test_an_example_gives_what_is_shown(released: Released, command: str, output: str) -> None:
    done = released.tongji(*shlex.split(command))
    assert (done.stdout.strip(), done.returncode) == (output.strip(), 0)


def test_the_counts_of_the_first_refresh_are_those_shown(released: Released) -> None:
    done = released.tongji("refresh")
    assert done.stdout.splitlines()[-1] in README


def test_the_number_of_rules_is_the_one_named() -> None:
    assert f"{len(load_rules())} rules run by Great Expectations" in README


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
