"""The web interface: on this machine only, silent towards everyone else, ended by Ctrl-C."""

import signal
import socket

import dagster as dg
import pytest

from orchestration import serve
from orchestration.errors import OrchestrationError
from orchestration.history import open_history
from warehouse.home import Home


@pytest.fixture
def started(home: Home, monkeypatch: pytest.MonkeyPatch):
    """What the process would become."""
    became = []
    monkeypatch.setattr(serve.os, "execve", lambda *arguments: became.append(arguments))
    monkeypatch.setattr(serve.os, "chdir", lambda _: None)
    before = signal.getsignal(signal.SIGINT)
    serve.serve(home, free_port())
    signal.signal(signal.SIGINT, before)
    ((_, command, environment),) = became
    return command, environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return probe.getsockname()[1]


def test_it_listens_on_this_machine_only(started) -> None:
    command, _ = started
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_it_shares_the_history_of_the_command_line_and_reports_to_nobody(started, home: Home) -> None:
    _, environment = started
    assert environment["DAGSTER_HOME"] == str(home.dagster)
    assert environment["TONGJI_HOME"] == str(home.root)
    assert environment["DAGSTER_DISABLE_TELEMETRY"] == "1"
    assert "enabled: false" in (home.dagster / "dagster.yaml").read_text(encoding="utf-8")


def test_a_run_that_a_power_cut_ended_holds_up_nothing(home: Home, request: pytest.FixtureRequest) -> None:
    with open_history(home) as history:
        history.add_run(dg.DagsterRun(job_name="refresh", run_id="cut", status=dg.DagsterRunStatus.STARTED))
    request.getfixturevalue("started")
    with open_history(home) as history:
        run = history.get_run_by_id("cut")
    assert run is not None
    assert run.status == dg.DagsterRunStatus.FAILURE


def test_a_port_that_is_taken_is_named(home: Home) -> None:
    with socket.socket() as holder:
        holder.bind((serve.HOST, 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(OrchestrationError) as raised:
            serve.serve(home, port)
    assert raised.value.code == "serve.port_taken"
    assert raised.value.details["port"] == port
