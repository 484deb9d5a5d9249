"""What a refresh costs, in one run on one machine: whole processes, medians, peak memory. Nothing passes or fails.

Each row is a program started anew. The floor is bare DuckDB on the same file (`floor.py`).
"""

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench import floor, generator
from warehouse.home import DBT_PROJECT, Home

RUNS = 3
AREAS = DBT_PROJECT / "seeds" / "ref_area.csv"
TONGJI = str(Path(sys.executable).with_name("tongji"))


@dataclass(frozen=True)
class Cost:
    """Wall seconds and peak resident memory in MB of one process."""

    seconds: float
    peak_mb: float


# A small process starts the program and is told what it cost: a child begun by a large one counts that one's memory.
LAUNCH = """
import resource, subprocess, sys, time
begun = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(code, time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def run(command: list[str], home: Home | None = None) -> Cost:
    """The cost of a program, from its start to its end."""
    environment = dict(os.environ) | ({"TONGJI_HOME": str(home.root)} if home else {})
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *command],
        env=environment, cwd=DBT_PROJECT.parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    code, seconds, peak_kb = done.stdout.split()
    assert code == "0", command
    return Cost(float(seconds), float(peak_kb) / 1024)


def median(measure: Callable[[], Cost]) -> Cost:
    """The median of several runs, of time and memory each."""
    costs = [measure() for _ in range(RUNS)]
    return Cost(statistics.median(c.seconds for c in costs), statistics.median(c.peak_mb for c in costs))


def fresh_home(folder: Path, submission: Path) -> Home:
    """A home that holds nothing but the submission."""
    home = Home(folder)
    shutil.rmtree(folder, ignore_errors=True)
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    inbox = home.inbox / "submission"
    inbox.mkdir()
    os.link(submission, inbox / submission.name)
    return home


def costs(size: int, folder: Path) -> tuple[int, dict[str, Cost]]:
    """How many observations a submission of about `size` holds, and the cost of each thing done with it."""
    submission = folder / f"{size}.csv"
    observations = generator.write_submission(submission, size, AREAS)
    home = Home(folder / "home")
    return observations, {
        "floor: bare DuckDB": median(
            lambda: run([sys.executable, floor.__file__, str(submission), str(folder / "floor")])
        ),
        "full refresh": median(lambda: run([TONGJI, "refresh"], fresh_home(home.root, submission))),
        "unchanged refresh": median(lambda: run([TONGJI, "refresh"], home)),
    }


@pytest.mark.bench
def test_refresh_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["| observations | what | wall s | times the floor | peak MB |", "|---|---|---|---|---|"]
    for size in (50_000, 1_000_000):
        observations, measured = costs(size, tmp_path)
        bare = measured["floor: bare DuckDB"].seconds
        lines += [
            f"| {observations:,} | {what} | {cost.seconds:.1f} | {cost.seconds / bare:.1f} | {cost.peak_mb:,.0f} |"
            for what, cost in measured.items()
        ]
    with capsys.disabled():
        print("", *lines, sep="\n")
