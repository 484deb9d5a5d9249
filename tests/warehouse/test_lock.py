"""One writer, seen from other processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.home import CHECKOUT, Home
from warehouse.lock import build_lock

HOLD = """
import sys, time
from pathlib import Path
from warehouse.home import Home
from warehouse.lock import build_lock
with build_lock(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(home: Home) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
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
