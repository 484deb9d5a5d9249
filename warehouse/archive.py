"""Every byte ever read, kept by its sha-256, and the append-only log of receipts.

The archive and the log are enough to rebuild the build database: nothing that was received is lost with it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warehouse.errors import WarehouseError

RECEIPT_LOG = "receipts.jsonl"


@dataclass(frozen=True)
class Receipt:
    """One file received for one source: `sha256` names its bytes, `received_at` is UTC in ISO 8601."""

    source: str
    file_name: str
    sha256: str
    bytes: int
    received_at: str


def content_path(archive: Path, sha256: str) -> Path:
    """Where the bytes of that digest lie."""
    return archive / sha256[:2] / sha256


def digest_of(path: Path) -> str:
    """The sha-256 of a file's bytes, as 64 hexadecimal digits.

    Raises:
        OSError: it cannot be read, or is no file: a pipe or a device has no end.
    """
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        return hashlib.file_digest(file, "sha256").hexdigest()


def receipts(archive: Path) -> Iterator[Receipt]:
    """The log from the oldest receipt to the newest.

    A last line that a crash cut off is passed over: its file is received again. A broken line elsewhere is damage.

    Raises:
        WarehouseError: `archive.damaged_log`, with the line.
    """
    path = archive / RECEIPT_LOG
    if not path.exists():
        return
    whole_lines = path.read_bytes().split(b"\n")[:-1]
    for number, line in enumerate(whole_lines, start=1):
        try:
            yield Receipt(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise WarehouseError("archive.damaged_log", file=path, line=number) from error


def receive(archive: Path, source: str, path: Path, known: set[tuple[str, str]]) -> Receipt | None:
    """Keep a file's bytes and log the receipt; nothing happens when the source has sent the same bytes before.

    Args:
        archive: the archive folder.
        source: the source the file belongs to.
        path: the file, which is read and never changed.
        known: the (source, sha-256) pairs already in the log; the new one is added.

    Returns:
        The new receipt, or None when the bytes were known.

    Raises:
        WarehouseError: `inbox.unreadable_file` or `archive.file_changed`; nothing is kept then.
    """
    try:
        sha256 = digest_of(path)
    except OSError as error:
        problem = error.strerror or str(error)
        raise WarehouseError("inbox.unreadable_file", file=path, problem=problem) from error
    if (source, sha256) in known:
        return None
    _store(archive, path, sha256)
    received_at = datetime.now(UTC).isoformat(timespec="seconds")
    receipt = Receipt(source, path.name, sha256, content_path(archive, sha256).stat().st_size, received_at)
    append_line(archive / RECEIPT_LOG, json.dumps(asdict(receipt), ensure_ascii=False))
    known.add((source, sha256))
    return receipt


def store(archive: Path, path: Path) -> str:
    """Keep a file's bytes without a receipt, and return their digest."""
    sha256 = digest_of(path)
    _store(archive, path, sha256)
    return sha256


def _without_waiting(path: str, flags: int) -> int:
    """Opens a file; a pipe that nobody writes to would otherwise wait for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def _store(archive: Path, path: Path, sha256: str) -> None:
    target = content_path(archive, sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
        try:
            digest = hashlib.sha256()
            for chunk in _chunks(path):
                digest.update(chunk)
                copy.write(chunk)
            if digest.hexdigest() != sha256:
                raise WarehouseError("archive.file_changed", file=path)
            copy.flush()
            os.fsync(copy.fileno())
        except BaseException:
            os.unlink(copy.name)
            raise
    os.chmod(copy.name, 0o444)
    os.replace(copy.name, target)


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file that could be read a moment ago; what goes wrong with the copy is another matter."""
    try:
        with open(path, "rb", opener=_without_waiting) as original:
            while chunk := original.read(1 << 20):
                yield chunk
    except OSError as error:
        raise WarehouseError("archive.file_changed", file=path) from error


def append_line(path: Path, line: str) -> None:
    """Put a line at the end of an append-only log; once it returns, the line outlives a power cut."""
    with path.open("ab+") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                # A crash cut the last line off: it was never acknowledged, so it is dropped.
                _drop_last_line(file)
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _drop_last_line(file: BinaryIO) -> None:
    file.seek(0)
    whole = file.read()
    file.truncate(whole.rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)
