"""What the rules cost in a refresh of ten million observations: the share of its time, and the peak of memory.

Ten million are eight editions of every series of the counties of China, as a bureau has them after eight years. Nothing
passes or fails.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench import generator
from tests.bench.test_refresh_cost import AREAS, TONGJI
from warehouse.home import Home

EDITIONS, OBSERVATIONS = 8, 1_250_000
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
        generator.write_submission(inbox / f"edition{edition}.csv", OBSERVATIONS, AREAS, edition)
        for edition in range(EDITIONS)
    )
    time.sleep(3)  # a file that is still being written is left for the next time
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, TONGJI, "refresh"],
        env=os.environ | {"TONGJI_HOME": str(home.root), "TONGJI_LANG": "en"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = re.findall(r"^([0-9.]+) (.*)$", done.stdout, re.MULTILINE)
    seconds = {line: float(at) for at, line in told}
    starts = [
        (line, at) for line, at in seconds.items() if line[:1].isupper() and "observations" not in line[:13]
    ]
    lasted = {
        line: next((later for _, later in starts[number + 1 :]), seconds[told[-1][1]]) - at
        for number, (line, at) in enumerate(starts)
    }
    with capsys.disabled():
        print(f"\n{made:,} observations, peak {done.stdout.split()[-1]} MB, {told[-1]}")
        for line, length in lasted.items():
            print(f"| {line} | {length:.1f} | {100 * length / float(told[-1][0]):.0f} % |")
