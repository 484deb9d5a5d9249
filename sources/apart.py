"""Reading a workbook in a process of its own, so that a hostile one takes neither this process nor the machine down.

Here: the limits, what is refused before it is unpacked, and the way to the child and back. Not here: how a workbook
is read (`workbook.py`), which only the child imports.
"""

import contextlib
import io
import json
import os
import resource
import signal
import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import polars as pl

from sources.cell import Reject
from sources.sheet import Sheet

GIB = 1 << 30

MAX_ADDRESS_SPACE = 2 * GIB
"""Bytes for a child. A third of it is the libraries, the rest holds some ten million filled cells; a refresh still
fits on a machine of 4 GB beside the database."""

MAX_SECONDS = 120
"""Of wall clock and of processor: ten times what a workbook of a million rows and nine columns takes."""

MAX_INFLATED = GIB
"""Bytes of all entries: twice the XML of a workbook that fits into the address space."""

MAX_RATIO = 200
"""Deflated XML of real tables shrinks by 5 to 50; deflate can do 1032."""

RATIO_COUNTS_FROM = 50 << 20
"""Bytes of an entry: below, even the highest ratio is harmless, and blank styled sheets reach it."""

READY = b"ready\n"
STOPPED = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}

SMALL = dict.fromkeys(
    ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MALLOC_ARENA_MAX"), "1"
) | {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MIMALLOC_ARENA_RESERVE": "65536",
}
"""Environment of a child. Threads and allocators otherwise reserve a gigabyte of addresses that they never fill
(mimalloc counts in KiB)."""


def read_apart(path: Path) -> list[Sheet] | Reject:
    """Reads a workbook as `read_workbook` does, in a child process within limits.

    Returns:
        The sheets, or why the file cannot be read: `file.dangerous_workbook` when the child was ended by a limit or
        by a crash, `file.unreadable_workbook` when the reader refused the file.

    Raises:
        ChildProcessError: the child could not begin, or was stopped from outside: the file is not to blame.
    """
    room = str(Path(__file__).parent.parent)
    search = os.pathsep.join(filter(None, (room, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            # -P: a folder named like one of our rooms may lie where the command is called.
            [sys.executable, "-P", "-m", __name__, str(path.absolute())],
            env=os.environ | SMALL | {"PYTHONPATH": search},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
            start_new_session=True,  # Ctrl-C is the parent's matter
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Reject("file.dangerous_workbook", text=f"> {MAX_SECONDS} s")
    if not done.stdout.startswith(READY) or -done.returncode in STOPPED:
        raise ChildProcessError(
            f"the reader of workbooks ended before its work (exit code {done.returncode})"
        )
    if done.returncode < 0:
        return Reject("file.dangerous_workbook", text=signal.Signals(-done.returncode).name)
    if done.returncode > 0:
        return Reject("file.unreadable_workbook")
    return _received(io.BytesIO(done.stdout[len(READY) :]))


def inflates_too_much(path: Path) -> Reject | None:
    """The reject of a zip file whose directory announces more than a workbook holds.

    A directory can lie; then the limits of the process hold.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return None  # an XLS, or damage that the reader will name
    total = sum(entry.file_size for entry in entries)
    if total > MAX_INFLATED:
        return Reject("file.dangerous_workbook", text=f"{total / GIB:.1f} GiB")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > RATIO_COUNTS_FROM and ratio > MAX_RATIO:
            return Reject("file.dangerous_workbook", text=f"{entry.filename}: {ratio:.0f} : 1")
    return None


def _received(stream: BinaryIO) -> list[Sheet] | Reject:
    """What the child sent: a line of JSON for the reject or for each sheet, whose cells follow as an Arrow stream."""
    from pyarrow import ipc

    sheets: list[Sheet] = []
    while line := stream.readline():
        sent = json.loads(line)
        if "code" in sent:
            return Reject(**sent)
        sheets.append(Sheet(sent["number"], sent["name"], pl.DataFrame(ipc.open_stream(stream).read_all())))
    return sheets


def _send(result: list[Sheet] | Reject, stream: BinaryIO) -> None:
    if isinstance(result, Reject):
        stream.write(json.dumps(asdict(result)).encode() + b"\n")
        return
    for sheet in result:
        stream.write(json.dumps({"number": sheet.number, "name": sheet.name}).encode() + b"\n")
        sheet.grid.write_ipc_stream(stream)


def _limit(kind: int, most: int) -> None:
    """Lowers a limit of this process; a tighter one from outside stays."""
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))


def _child(path: Path) -> None:
    # What a library prints must not come between the cells.
    with os.fdopen(os.dup(1), "wb") as stream:
        os.dup2(2, 1)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_CPU, MAX_SECONDS)
        _limit(resource.RLIMIT_AS, MAX_ADDRESS_SPACE)
        from sources.workbook import read_workbook

        stream.write(READY)
        stream.flush()
        try:
            result = inflates_too_much(path) or read_workbook(path)
        except MemoryError:
            result = Reject("file.dangerous_workbook", text=f"> {MAX_ADDRESS_SPACE / GIB:.0f} GiB")
        with contextlib.suppress(BrokenPipeError):
            _send(result, stream)


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
