"""From a file in the inbox to a number in the release, with the orchestrator's own history in between."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import REFRESH, assemble
from orchestration.history import open_history
from orchestration.inbox import INTERVAL_SECONDS
from orchestration.refresh import QUIET
from tests.conftest import Released
from warehouse.home import Home
from warehouse.manifest import current

Submit = Callable[..., Path]
FIRST = "330400,2020,disposable_income_per_capita,total,54667,CNY"
SECOND = "330400,2020,disposable_income_per_capita,total,54668,CNY"
VALUES = (
    "select obs_value, revision_no, known_to is null from marts.fct_observation_vintage order by revision_no"
)
# A machine that does much else at once.
PATIENCE = 600


def test_a_file_dropped_is_released_by_the_run_that_the_watch_asks_for(home: Home, submit: Submit) -> None:
    definitions = assemble(home)
    sensor = definitions.resolve_sensor_def("inbox")
    job = definitions.resolve_job_def(REFRESH)
    cursor = None

    def put_down(row: str, name: str = "report.csv") -> bool:
        """Drops a file and does what the daemon would; whether a run was asked for."""
        nonlocal cursor
        path = submit(row, name=name)
        os.utime(path, (time.time() - INTERVAL_SECONDS - 1,) * 2)
        with open_history(home) as history:
            with dg.build_sensor_context(history, cursor=cursor) as context:
                answer = sensor(context)
                cursor = context.cursor
            if isinstance(answer, dg.RunRequest):
                assert job.execute_in_process(
                    run_config=QUIET, instance=history, tags=dict(answer.tags), run_id=None
                ).success
        return isinstance(answer, dg.RunRequest)

    released = Released(home)
    assert put_down(FIRST)
    assert released.rows(VALUES) == [(54667.0, 1, True)]
    before = current(home)
    assert not put_down(FIRST)
    assert not put_down(FIRST, name="copy.csv")
    assert current(home) == before
    assert put_down(SECOND)
    assert released.rows(VALUES) == [(54667.0, 1, False), (54668.0, 2, True)]
    assert put_down(FIRST)
    assert released.rows(VALUES) == [(54667.0, 1, False), (54668.0, 2, False), (54667.0, 3, True)]
    cells = "select revision_no, file_name, cell, raw_text from marts.mart_provenance order by 1"
    assert released.rows(cells) == [
        (1, "report.csv", "E2", "54667"),
        (2, "report.csv", "E2", "54668"),
        (3, "report.csv", "E2", "54667"),
    ]


@pytest.fixture
def server(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """`tongji serve`, with the daemon that keeps schedule and watch."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("tongji")), "serve", "--port", str(port)],
        env=os.environ | {"TONGJI_HOME": str(home.root), "TONGJI_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield process
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_a_file_dropped_while_the_orchestrator_runs_is_released_without_anyone(
    home: Home, submit: Submit
) -> None:
    submit(FIRST)
    until = time.monotonic() + PATIENCE
    while current(home) is None:
        assert time.monotonic() < until, "no release was made"
        time.sleep(2)
    assert Released(home).rows(VALUES) == [(54667.0, 1, True)]
