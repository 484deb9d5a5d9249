"""One writer, seen from other processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from warehouse import lock
from warehouse.errors import WarehouseError
from warehouse.home import CHECKOUT, Home
from warehouse.lock import build_lock

HOLD = """
import sys, time
from pathlib import Path
from warehouse.home import Home
from warehouse.lock import build_lock, unwritten
with {hold}(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep({seconds})
"""


def holder(home: Home, hold: str = "build_lock", seconds: float = 60) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(hold=hold, seconds=seconds), str(home.root)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_holds_the_build(home: Home) -> None:
    process = holder(home)
    try:
        with pytest.raises(WarehouseError) as caught, build_lock(home):
            pass
        assert (caught.value.code, caught.value.details["pid"]) == ("build.locked", str(process.pid))
    finally:
        process.kill()
        process.wait()


def test_the_lock_of_a_killed_process_is_free(home: Home) -> None:
    process = holder(home)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with build_lock(home):
        assert Path(home.build / "lock").read_text(encoding="ascii") == str(os.getpid())


def test_a_copy_under_way_is_waited_for(home: Home) -> None:
    with build_lock(home):
        pass
    process = holder(home, "unwritten", seconds=0.5)
    begun = time.monotonic()
    with build_lock(home):
        assert time.monotonic() - begun > 0.2
    assert process.wait() == 0


def test_a_copy_without_end_is_not_waited_for_without_end(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with build_lock(home):
        pass
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.2)
    process = holder(home, "unwritten")
    try:
        with pytest.raises(WarehouseError, match=r"build\.locked"), build_lock(home):
            pass
    finally:
        process.kill()
        process.wait()


def test_nothing_is_copied_while_a_refresh_writes(home: Home) -> None:
    with build_lock(home), pytest.raises(BlockingIOError), lock.unwritten(home):
        pass
