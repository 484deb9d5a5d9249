"""The web interface and the daemon that keeps the schedule, on this machine only.

Here: starting Dagster with our settings. Not here: what it shows and runs (`definitions.py`).
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress

from orchestration.errors import OrchestrationError
from orchestration.history import end_dead_runs, open_history
from warehouse.errors import WarehouseError
from warehouse.home import CHECKOUT, Home
from warehouse.lock import build_lock

# There are no accounts: whoever reaches the port may run and delete. It is for this machine, or behind a proxy.
HOST = "127.0.0.1"
PORT = 3000


def serve(home: Home, port: int) -> None:
    """Become the web interface; does not return.

    Raises:
        OrchestrationError: `serve.port_taken`.
    """
    _refuse_taken(port)
    home.ensure()
    _bury_dead_runs(home)
    environment = {
        **os.environ,
        "TONGJI_HOME": str(home.root),
        "DAGSTER_HOME": str(home.dagster),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH")))),
        "PYTHONWARNINGS": "ignore",
    }
    command = [
        sys.executable, "-m", "dagster", "dev", "--module-name", "orchestration.definitions",
        "--host", HOST, "--port", str(port), "--code-server-log-level", "warning", "--log-level", "warning",
    ]  # fmt: skip
    # Started in the background of a script, Ctrl-C is ignored and so, in Dagster, is a request to terminate.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Python looks for modules in the working folder first, where anything may lie.
    os.chdir(CHECKOUT)
    os.execve(sys.executable, command, environment)  # noqa: S606


def _bury_dead_runs(home: Home) -> None:
    """What a power cut ended would count as under way for ever, and every new run would wait for it."""
    with suppress(WarehouseError), build_lock(home), open_history(home) as history:
        end_dead_runs(history, living="")


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OrchestrationError("serve.port_taken", port=port, host=HOST) from error
