"""The tree as the architecture tests look at it: rooms, files, texts."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = ("sources", "warehouse", "expectations", "orchestration")


@pytest.fixture(scope="session")
def rooms(checkout: Path) -> dict[str, list[Path]]:
    """The Python files of each room; a room without one is an error of the test, not a pass."""
    found = {room: sorted((checkout / room).rglob("*.py")) for room in ROOMS}
    assert all(found.values()), {room: len(files) for room, files in found.items()}
    return found


@pytest.fixture(scope="session")
def models(checkout: Path) -> dict[str, Path]:
    """The dbt models by name."""
    folder = checkout / "dbt_project" / "models"
    found = {path.stem: path for kind in ("*.sql", "*.py") for path in sorted(folder.rglob(kind))}
    assert found
    return found


@pytest.fixture(scope="session")
def tree(checkout: Path) -> list[Path]:
    """Every file that is or would be committed, relative to the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=checkout, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = sorted(filter(None, listed.stdout.decode().split("\0")))
    present = [Path(name) for name in names if (checkout / name).is_file()]
    assert Path("pyproject.toml") in present
    return present


def imported_modules(path: Path) -> Iterator[str]:
    """The modules that a file imports anywhere in it, as written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.fixture(scope="session")
def imports(rooms: dict[str, list[Path]], checkout: Path) -> dict[str, set[str]]:
    """What each file of the rooms imports; keys are paths relative to the checkout."""
    return {
        path.relative_to(checkout).as_posix(): set(imported_modules(path))
        for files in rooms.values()
        for path in files
    }
