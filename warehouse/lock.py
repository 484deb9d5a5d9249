"""One writer: the lock that a refresh holds on the build folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.errors import WarehouseError
from warehouse.home import Home


@contextmanager
def build_lock(home: Home) -> Iterator[None]:
    """Hold the build folder for this process; the kernel frees it when the process dies, however it dies.

    Raises:
        WarehouseError: `build.locked`, with the holder's process id, when another refresh runs.
    """
    home.build.mkdir(parents=True, exist_ok=True)
    path = home.build / "lock"
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise WarehouseError("build.locked", pid=file.read().strip() or "?", file=path) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
