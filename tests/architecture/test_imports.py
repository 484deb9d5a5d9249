"""Who may import whom."""

import subprocess
import sys
from pathlib import Path


def test_rooms_import_in_one_direction_only(rooms: dict[str, list[Path]], checkout: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-cache"], cwd=checkout, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout


def test_great_expectations_is_known_to_one_module(imports: dict[str, set[str]]) -> None:
    knowing = {
        path
        for path, names in imports.items()
        if any(name.split(".")[0] == "great_expectations" for name in names)
    }
    assert knowing == {"expectations/suite.py"}


def test_no_room_imports_the_tests(imports: dict[str, set[str]]) -> None:
    assert not [
        path for path, names in imports.items() if any(name.split(".")[0] == "tests" for name in names)
    ]
