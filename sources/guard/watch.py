"""Watching a process at work: it is ended when it takes too long, or when it stands still.

An allocation that the kernel refuses can leave the threads of a library waiting for each other for ever; then no
second more is worth waiting.
"""

import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

STANDSTILL = 5.0
"""Seconds without any use of the processor, asleep and not waiting for a disk."""

INTERVAL = 0.5


class Watch:
    """Watches a child for the length of a `with` statement.

    Attributes:
        ended_because: why the child was ended; None when it was not.
    """

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self.ended_because: str | None = None
        self._child = child
        self._seconds = seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        began = moved = time.monotonic()
        before = None
        while not self._is_over.wait(max(0.0, min(INTERVAL, began + self._seconds - time.monotonic()))):
            now = time.monotonic()
            work = _work(self._child.pid)
            if work is None or work != before:
                before, moved = work, now
            if now - began >= self._seconds:
                self._end(f"> {self._seconds:g} s")
                return
            if now - moved >= STANDSTILL:
                self._end(f"0 % CPU > {STANDSTILL:g} s")
                return

    def _end(self, reason: str) -> None:
        self.ended_because = reason
        self._child.kill()


def _work(pid: int) -> str | None:
    """A text that stays the same only while the process sleeps; None where the kernel does not tell."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(") ")[2]
            .split()
        )
    except OSError:
        return None
    state, user, system = fields[0], fields[11], fields[12]
    return f"{user} {system}" if state == "S" else None
