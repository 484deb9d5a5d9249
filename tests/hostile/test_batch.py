"""A batch of hostile files among honest ones: each is told in one sentence, and nobody else is harmed."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.messages import catalogue
from tests.hostile import archives, documents, inbox, sheets, texts
from tests.hostile.packing import HEADER, ROW, honest_workbook, open_document, table
from warehouse.home import Home

MOST_MEMORY_MB = 700
pytestmark = pytest.mark.slow


def hostile() -> Iterator[archives.Hostile]:
    for module in (archives, sheets, documents, texts):
        yield from module.files()


def honest() -> dict[str, bytes]:
    text = f"{','.join(HEADER)}\n110000,20%02d,gdp,total,1.5,CNY\n"
    made = {
        f"{letter}_honest.csv": (text % n).encode() for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
    }
    return made | {
        "honest.xlsx": honest_workbook(),
        "honest.ods": open_document(table([HEADER, ROW])),
        "honest.xls": documents.honest_xls(),
    }


@dataclass(frozen=True)
class Outcome:
    codes: dict[str, list[str]]
    cells: dict[str, int]
    notices: list[tuple[str, str]]
    expected: dict[str, str]
    peak_mb: list[int]
    outside: tuple[dict[str, str], dict[str, str]]


def listing(folder: Path) -> dict[str, str]:
    """Everything below a folder, with its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Outcome:
    around = tmp_path_factory.mktemp("hostile")
    home = Home(around / "home")
    home.ensure()
    for folder in ("tmp", "user", "work"):
        (around / folder).mkdir()
    sent = home.inbox / "submission"
    sent.mkdir()
    expected: dict[str, str] = {}
    for name, code, content in hostile():
        assert name not in expected, name
        expected[name] = code
        (sent / name).write_bytes(content)
    with (sent / "half_a_gigabyte.csv").open("wb") as file:
        file.truncate(500_000_000)
    expected["half_a_gigabyte.csv"] = "file.too_large"
    for name, content in honest().items():
        (sent / name).write_bytes(content)
    inbox.fill(sent)
    before = {folder: listing(around / folder) for folder in ("tmp", "user", "work")}
    environment = os.environ | {
        "TMPDIR": str(around / "tmp"), "HOME": str(around / "user"), "PYTHONPATH": str(checkout),
        "TONGJI_HOME": str(home.root), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.batch", str(home.root)],
        env=environment, cwd=around / "work", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    after = {folder: listing(around / folder) for folder in before}
    return Outcome(
        codes={name: reasons or [] for name, _, reasons, _ in told["files"]},
        cells={name: cells for name, cells, _, _ in told["files"]},
        notices=[(code, details.get("file", "")) for code, details in told["notices"]],
        expected=expected,
        peak_mb=told["peak_mb"],
        outside=(
            {f"{at}/{name}": content for at, files in before.items() for name, content in files.items()},
            {f"{at}/{name}": content for at, files in after.items() for name, content in files.items()},
        ),
    )


def test_every_hostile_file_gets_the_one_reject_that_fits(outcome: Outcome) -> None:
    assert len(outcome.expected) > 100
    found = {name: outcome.codes.get(name) for name in outcome.expected}
    assert found == {name: [code] for name, code in outcome.expected.items()}
    assert not any(outcome.cells[name] for name in outcome.expected)
    assert set(outcome.expected.values()) <= catalogue().keys()


def test_every_honest_file_among_them_is_read(outcome: Outcome) -> None:
    names = [*honest(), *inbox.HONEST_NAMES]
    assert {name: (outcome.cells.get(name), outcome.codes.get(name)) for name in names} == {
        name: (1, []) for name in names
    }
    assert set(outcome.codes) == {*names, *outcome.expected}


def test_what_is_no_file_or_has_a_deceiving_name_is_named_once(outcome: Outcome) -> None:
    no_files = sorted(Path(told).name for code, told in outcome.notices if code == "inbox.no_file")
    assert no_files == sorted(inbox.NO_FILES)
    unsafe = [told for code, told in outcome.notices if code == "inbox.unsafe_name"]
    assert len(unsafe) == len(inbox.NAMES)
    assert all(name.isprintable() for name in unsafe)
    assert len(outcome.notices) == len(no_files) + len(unsafe)


def test_nothing_is_written_outside_the_home(outcome: Outcome) -> None:
    before, after = outcome.outside
    assert after == before


def test_parent_and_readers_together_stay_small(outcome: Outcome) -> None:
    assert min(outcome.peak_mb) > 20
    assert sum(outcome.peak_mb) < MOST_MEMORY_MB, outcome.peak_mb
