"""Reading files in a process of their own, so that a hostile one takes neither this process nor the machine down.

Here: the reader process as its parent sees it: started, asked, timed, and replaced when it ends. Not here: what
happens inside it (`confined.py`). One process serves many files, since starting it costs as much as reading a
hundred small ones.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import polars as pl

from sources.cell import CELL_COLUMNS, Reading, Reject, no_cells, unpacked
from sources.declared.layout import Format
from sources.guard.limits import Limits
from sources.guard.watch import Watch

PROGRAM = "sources.guard.confined"
READY = b"ready\n"
SECONDS_TO_START = 120
"""A machine that takes longer is not able to read anything."""

STOPPED = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}
"""Signals by which people and init systems end a process, which a file cannot raise."""

SMALL = dict.fromkeys(
    ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MALLOC_ARENA_MAX"), "1"
) | {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MIMALLOC_ARENA_RESERVE": "65536",
    "_RJEM_MALLOC_CONF": "narenas:1,dirty_decay_ms:0,muzzy_decay_ms:0,retain:false",
}
"""Environment of a child. Threads and allocators otherwise reserve memory that they never fill (mimalloc counts in
KiB), and that of polars, the last one, holds on to what a file before took, and to addresses that count as memory."""


class _EndedError(Exception):
    """The child ended before its answer did."""


class Reader:
    """A process that reads files, to be used in a `with` statement by one thread."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_fresh = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, path: Path, declaration: Format, file_name: str) -> Reading:
        """Reads a file.

        Args:
            path: where its bytes are.
            declaration: what its source says of it.
            file_name: the name it came under, which tells its kind.

        Returns:
            Its cells and rejects. The one reject of a file on which the child ended is `file.dangerous`.

        Raises:
            OSError: the file cannot be opened.
            ChildProcessError: the child could not begin, or was stopped from outside: the file is not to blame.
        """
        told = declaration.model_dump_json(include=set(Format.model_fields))
        job = {"path": str(path.absolute()), "name": file_name, "format": told}
        request = json.dumps(job).encode() + b"\n"
        # What the files before it left behind may have weighed on a child, or another process killed it.
        reading = self._attempt(request) or self._attempt(request, is_last=True)
        assert reading is not None
        return reading

    def _attempt(self, request: bytes, *, is_last: bool = False) -> Reading | None:
        """One reading; None where the child ended, the file may not be to blame, and there is another attempt."""
        child, was_fresh = self._started(), self._is_fresh
        watch = Watch(child, self._limits.seconds)
        try:
            with watch:
                return self._answer(child, request)
        except _EndedError:
            self._stop()
            if watch.ended_because:
                return _rejected(watch.ended_because)
            if -child.returncode in STOPPED:
                raise _not_begun(child) from None
            is_doubtful = not was_fresh or child.returncode == -signal.SIGKILL
            return None if is_doubtful and not is_last else _rejected(_told(child.returncode))
        except BaseException:
            self._stop()
            raise

    def _answer(self, child: subprocess.Popen[bytes], request: bytes) -> Reading:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(request)
            child.stdin.flush()
        except BrokenPipeError:
            raise _EndedError from None
        stream = _Bounded(child.stdout, self._limits.output_bytes)
        try:
            head = json.loads(stream.line())
            cells = _cells(stream, head["cells"]) if head["cells"] else no_cells()
        except (ValueError, KeyError, TypeError, OSError):
            child.kill()
            raise _EndedError from None
        self._is_fresh = head["is_clean"]
        if head["is_last"]:
            self._stop()
        if "problem" in head:
            raise OSError(head["problem"])
        return Reading(head["sheets"], cells, [Reject(**one) for one in head["rejects"]], head["address"])

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None:
            return self._child
        room = str(Path(__file__).parents[2])
        search = os.pathsep.join(filter(None, (room, os.environ.get("PYTHONPATH"))))
        child = subprocess.Popen(  # noqa: S603 - our own module
            # -P: a folder named like one of our rooms may lie where the command is called.
            [sys.executable, "-P", "-m", PROGRAM, self._limits.model_dump_json()],
            env=os.environ | SMALL | {"PYTHONPATH": search},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the parent's matter
        )
        self._child, self._is_fresh = child, True
        assert child.stdout is not None
        with Watch(child, SECONDS_TO_START):
            is_ready = child.stdout.readline() == READY
        if not is_ready:
            self._stop()
            raise _not_begun(child)
        return child

    def _stop(self) -> None:
        """Ends the child, which has nothing to save, and leaves no zombie."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in filter(None, (child.stdin, child.stdout)):
            with contextlib.suppress(BrokenPipeError):  # a request that nobody took
                pipe.close()
        child.wait()


class _Bounded(io.RawIOBase):
    """What a child may say in one answer, no more."""

    def __init__(self, pipe: IO[bytes], most: int) -> None:
        self._pipe = pipe
        self._left = most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._counted(self._pipe.read(size if size >= 0 else self._left + 1))

    def line(self) -> bytes:
        return self._counted(self._pipe.readline(self._left + 1))

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("the answer is too long")
        return data


def _cells(stream: _Bounded, height: int) -> pl.DataFrame:
    """The cells that follow as an Arrow stream; what a broken child says is not believed."""
    from pyarrow import ipc

    table = ipc.open_stream(stream).read_all()
    table.validate(full=True)
    cells = unpacked(pl.DataFrame(table))
    if dict(cells.schema) != CELL_COLUMNS or cells.height != height:
        raise ValueError("these are no cells")
    return cells


def _told(returncode: int) -> str:
    return signal.Signals(-returncode).name if returncode < 0 else f"exit {returncode}"


def _rejected(text: str) -> Reading:
    return Reading([], no_cells(), [Reject("file.dangerous", text=text)])


def _not_begun(child: subprocess.Popen[bytes]) -> ChildProcessError:
    return ChildProcessError(f"the reader of files ended before its work (exit code {child.returncode})")
