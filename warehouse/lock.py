"""One writer: the lock that a refresh holds on the build folder, and that a copy of it shares while it lasts."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from warehouse.errors import WarehouseError
from warehouse.home import Home

# Longer than the copy of a large build database takes.
PATIENCE_SECONDS = 60
POLL_SECONDS = 0.05


@contextmanager
def build_lock(home: Home) -> Iterator[None]:
    """Hold the build folder for this process; the kernel frees it when the process dies, however it dies.

    Whoever only copies it is waited for.

    Raises:
        WarehouseError: `build.locked`, with the holder's process id, when another refresh runs.
    """
    home.build.mkdir(parents=True, exist_ok=True)
    path = home.build / "lock"
    with path.open("a+", encoding="ascii") as file:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _taken(file, fcntl.LOCK_EX):
            if not _is_only_copied(file):
                file.seek(0)
                raise WarehouseError("build.locked", pid=file.read().strip() or "?", file=path)
            if time.monotonic() > deadline:
                raise WarehouseError("build.locked", pid="?", file=path)
            time.sleep(POLL_SECONDS)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def unwritten(home: Home) -> Iterator[None]:
    """The build folder as it stands, for copying it: no refresh begins meanwhile. Nothing is written into the lock.

    Raises:
        BlockingIOError: a refresh is writing to it.
        FileNotFoundError: no refresh ever did.
    """
    with (home.build / "lock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield


def _is_only_copied(file: TextIO) -> bool:
    """Whether no refresh holds the lock; to see it, the lock is shared for a moment."""
    shared = _taken(file, fcntl.LOCK_SH)
    if shared:
        fcntl.flock(file, fcntl.LOCK_UN)
    return shared


def _taken(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
