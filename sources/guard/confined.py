"""The process that reads files, from the inside: its limits, and the way from a request to an answer.

Nothing here trusts the file. A request is a line of JSON; an answer is a line of JSON, followed by an Arrow stream
where there are cells. The process ends when its parent does, since then its input ends.
"""

import contextlib
import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pyarrow import ipc

from sources.cell import Reading, Reject, no_cells, packed
from sources.declared.layout import Format
from sources.guard.apart import READY
from sources.guard.limits import MIB, Limits
from sources.parsing import parse

GRACE = 5
"""Seconds for the parent to end this process before it ends itself; it must not outlive a parent that is gone."""

LIBRARIES = 128 * MIB
"""Bytes that the libraries take once they are in use, whatever file came first."""

WORN = 160 * MIB
"""Bytes by which this process may grow before a fresh one takes over."""


SLICE = 1 << 16
"""Cells sent at a time: some 10 MB."""


def serve(requests: BinaryIO, answers: BinaryIO, limits: Limits) -> None:
    """Answers requests until there are none, or until what they left behind would weigh on the next."""
    at_first = _held()
    for request in requests:
        job = json.loads(request)
        path = Path(job["path"])
        memory = limits.memory_for(path.stat().st_size if path.exists() else 0)
        with _limited(memory, limits.seconds + GRACE):
            head: dict[str, object] = {}
            try:
                reading = parse(path, _format(job["format"]), job["name"], limits)
            except (OSError, MemoryError) as error:
                reading = Reading([], no_cells(), [])
                if isinstance(error, MemoryError) or error.errno == errno.ENOMEM:
                    reading.rejects.append(Reject("file.dangerous", text=f"> {memory // MIB:,} MiB"))
                else:
                    head["problem"] = str(error)
            grown = _held() - at_first
            is_last = grown > WORN
            _send(reading, head | {"is_last": is_last, "is_clean": grown < LIBRARIES}, answers, limits)
        if is_last:
            return


def _send(reading: Reading, head: dict[str, object], answers: BinaryIO, limits: Limits) -> None:
    cells, rejects = reading.cells, reading.rejects
    if cells.estimated_size() > limits.output_bytes:
        rejects = [Reject("file.too_large", text=f"{cells.height:,} × {cells.width}")]
        cells = no_cells()
    told = {
        "sheets": reading.sheets,
        "rejects": [asdict(one) for one in rejects],
        "address": reading.address,
        "cells": cells.height,
    }
    answers.write(json.dumps(head | told).encode() + b"\n")
    if not cells.is_empty():
        # By pyarrow and a slice at a time: polars puts the whole answer together first, and where that exceeds the
        # memory limit writes none of it and says nothing. Labels that many cells share are sent once.
        sent = packed(cells).to_arrow()
        with ipc.new_stream(answers, sent.schema) as stream:
            stream.write_table(sent, max_chunksize=SLICE)
    answers.flush()


@lru_cache(maxsize=8)
def _format(text: str) -> Format:
    return Format.model_validate_json(text)


@contextlib.contextmanager
def _limited(memory: int, seconds: float) -> Iterator[None]:
    """Bounds what the kernel gives this process; beyond it allocations fail or the process ends."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and may refuse it
        soft = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _held() -> int:
    """Bytes of private memory that this process has asked for; 0 where the kernel does not say."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) << 10
    return 0


def _confine() -> tuple[BinaryIO, BinaryIO]:
    """Takes away what reading needs not; returns the pipes, to which no library can write or from which read."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    sys.dont_write_bytecode = True
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return requests, answers


if __name__ == "__main__":
    requests, answers = _confine()
    answers.write(READY)
    answers.flush()
    with contextlib.suppress(BrokenPipeError):
        serve(requests, answers, Limits.model_validate_json(sys.argv[1]))
