"""The locks: complete, hashed, current, and free of the hosts they were made from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ["requirements.lock", "requirements-test.lock", "tests/duckdb-1.4.lock", "tests/duckdb-1.5.lock"]
ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>\S+)(?P<rest>(?:.*\\\n)+.*)", re.MULTILINE
)


def locked(path: Path) -> dict[str, set[str]]:
    """The versions of each package; more than one where Python versions or systems differ."""
    versions: dict[str, set[str]] = {}
    for entry in ENTRY.finditer(path.read_text(encoding="utf-8")):
        versions.setdefault(canonicalize_name(entry["name"]), set()).add(entry["version"])
    assert versions
    return versions


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_option(checkout: Path, name: str) -> None:
    for line in (checkout / name).read_text(encoding="utf-8").splitlines():
        assert "://" not in line, line
        assert not line.startswith("-"), line


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(checkout: Path, name: str) -> None:
    text = (checkout / name).read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    entries = list(ENTRY.finditer(text))
    assert len(pinned) == len(entries) > 0
    assert all("--hash=sha256:" in entry["rest"] for entry in entries)


def test_the_test_lock_is_the_runtime_lock_and_more(checkout: Path) -> None:
    runtime, test = locked(checkout / "requirements.lock"), locked(checkout / "requirements-test.lock")
    assert {name: test.get(name) for name in runtime} == runtime
    assert len(test) > len(runtime)


def test_the_locks_hold_what_the_project_asks_for(checkout: Path) -> None:
    metadata = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    project = metadata["project"]
    asked = {
        "requirements.lock": [*project["dependencies"], *metadata["dependency-groups"]["build"]],
        "requirements-test.lock": [*project["dependencies"], *project["optional-dependencies"]["test"]],
    }
    for name, requirements in asked.items():
        versions = locked(checkout / name)
        for requirement in map(Requirement, requirements):
            held = versions.get(canonicalize_name(requirement.name), set())
            assert held, f"{name} lacks {requirement}: run make lock"
            assert all(requirement.specifier.contains(version) for version in held), f"{name}: {requirement}"
