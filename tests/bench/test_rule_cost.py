"""What the rules cost in a refresh of ten million observations: the share of its time, and the peak of memory.

Ten million are ten editions of every series of the counties of China, as a bureau has them after ten years, each sent
in two files. Nothing passes or fails.
"""

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration.messages import text
from orchestration.progress import STAGES
from tests.bench import generator
from tests.bench.test_refresh_cost import AREAS, TONGJI
from warehouse.home import Home
from warehouse.query import open_release

EDITIONS, PARTS, OBSERVATIONS = 10, 2, 508_000
# A small process starts the program, so that the memory counted is the program's own; it says when a line was printed.
LAUNCH = """
import resource, subprocess, sys, time
begun = time.perf_counter()
with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as program:
    for line in program.stdout:
        print(f"{time.perf_counter() - begun:.1f} {line}", end="", flush=True)
print(f"{time.perf_counter() - begun:.1f} ended {program.returncode}")
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.bench
def test_rule_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    inbox = home.inbox / "submission"
    inbox.mkdir()
    made = sum(
        generator.write_submission(inbox / f"{edition}-{part}.csv", OBSERVATIONS, AREAS, edition, part)
        for edition in range(EDITIONS)
        for part in range(PARTS)
    )
    time.sleep(3)  # a file that is still being written is left for the next time
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, TONGJI, "refresh"],
        env=os.environ | {"TONGJI_HOME": str(home.root), "TONGJI_LANG": "en"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(reversed(line.split(" ", 1)) for line in done.stdout.splitlines())
    assert "ended 0" in told, done.stdout
    whole, peak = float(told["ended 0"]), int(done.stdout.split()[-1])
    with open_release(home) as connection:
        rejected = connection.execute("select count(*) from marts.mart_reject").fetchone()
        published = connection.execute("select count(*) from marts.fct_observation_vintage").fetchone()
    assert rejected == (0,)
    begun = [(name, float(told[text(f"stage.{name}")])) for name in STAGES if text(f"stage.{name}") in told]
    with capsys.disabled():
        print(f"\n{made:,} observations, {published} published, {whole:.0f} s, at most {peak:,} MB")
        for (name, start), (_, end) in pairwise([*begun, ("", whole)]):
            print(f"| {name} | {end - start:.0f} | {100 * (end - start) / whole:.0f} % |")
