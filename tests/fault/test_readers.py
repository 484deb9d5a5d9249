"""Readers and refreshes do not disturb each other: real processes on both sides."""

import subprocess
import sys
import threading

import pytest

from tests.conftest import Released
from tests.fault.test_killed_refresh import deliver
from warehouse.home import CHECKOUT, Home
from warehouse.manifest import current

pytestmark = [pytest.mark.fault, pytest.mark.slow]

# Opens the release once as a BI tool does, and asks again and again until it is told to stop.
HOLD = """
import sys, time
import duckdb
reader = duckdb.connect(sys.argv[1], read_only=True)
ask = "select release_id, (select count(*) from marts.fct_observation) from marts.release_info"
print(*reader.execute(ask).fetchone(), flush=True)
while not sys.stdin.readline():
    time.sleep(0.05)
print(*reader.execute(ask).fetchone(), flush=True)
"""


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Released:
    home = Home(tmp_path_factory.mktemp("read") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    deliver(home, "6300.1")
    made = Released(home)
    assert made.tongji("refresh").returncode == 0
    return made


def test_a_process_that_holds_a_release_open_and_a_refresh_do_not_disturb_each_other(
    shared_home: Released,
) -> None:
    home = shared_home.home
    first = current(home)
    assert first is not None
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.releases / "current" / "tongji.duckdb")],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline().split() == [first.release_id, "1"]

    stop, errors, asked = threading.Event(), [], []

    def keep_asking() -> None:
        while not stop.is_set():
            done = shared_home.tongji("sql", "select release_id from marts.release_info", "--format", "csv")
            asked.append(done.stdout)
            if done.returncode:
                errors.append(done.stderr)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    deliver(home, "7062.45")
    done = shared_home.tongji("refresh")
    stop.set()
    asking.join()
    second = current(home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert second is not None
    assert second != first
    assert errors == []
    assert len(asked) > 3
    # The reader that had the old release still has it; a new one gets the new release.
    said, _ = holder.communicate("stop\n")
    assert said.split() == [first.release_id, "1"]
    assert shared_home.rows("select release_id from marts.release_info") == [(second.release_id,)]
