"""Whether a file that someone puts down is whole: it is when nothing was written to it for a while.

Here: what shows that a file changed, and waiting until it no longer does. Not here: names that copying tools give to
files that are not yet whole (`collection.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

# Longer than a program pauses between two writes, shorter than a person who waits for a refresh would notice.
SETTLING_SECONDS = 5.0


class FileState(NamedTuple):
    """What changes when a file is written to, replaced or moved."""

    bytes: int
    modified_ns: int
    changed_ns: int
    inode: int

    @property
    def quiet_seconds(self) -> float:
        """How long ago it was written to; a file server's clock that is a little ahead of ours does not mislead."""
        return abs(time.time() - self.modified_ns / 1e9)


def state_of(path: Path) -> FileState:
    """The state of a file now.

    Raises:
        OSError: it cannot be looked at.
    """
    now = path.stat()
    return FileState(now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino)


def is_unchanged(path: Path, before: FileState) -> bool:
    """Whether a file is still there as it was."""
    with suppress(OSError):
        return state_of(path) == before
    return False


def still_written(paths: Iterable[Path]) -> set[Path]:
    """Which of some files are being written; takes no time unless one was written to in the last seconds."""
    fresh = {}
    for path in paths:
        with suppress(OSError):
            state = state_of(path)
            if state.quiet_seconds < SETTLING_SECONDS:
                fresh[path] = state
    if not fresh:
        return set()
    time.sleep(max(0, SETTLING_SECONDS - min(state.quiet_seconds for state in fresh.values())))
    return {path for path, before in fresh.items() if not is_unchanged(path, before)}
