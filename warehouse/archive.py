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
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from warehouse.errors import WarehouseError
from warehouse.settling import FileState, is_unchanged, state_of

RECEIPT_LOG = "receipts.jsonl"


Place = Literal["bundled", "inbox", "service"]


@dataclass(frozen=True)
class Receipt:
    """One file received for one source: `sha256` names its bytes, `received_at` is UTC in ISO 8601.

    `place` tells files of one name apart: one that came with the source, one in its inbox, an answer of its service.
    """

    source: str
    file_name: str
    sha256: str
    bytes: int
    received_at: str
    place: Place = "inbox"


class Ledger:
    """What the log says of the files that lie ready: whether they state anything that was not stated before.

    Files stay where they are and are seen again at every refresh, so the same bytes mostly mean nothing new. But
    who overwrites a file and then puts its earlier bytes back takes the later ones back.
    """

    def __init__(self, log: Iterable[Receipt] = ()) -> None:
        self._sent: set[tuple[str, str]] = set()
        self._last: dict[tuple[str, Place, str], str] = {}
        for receipt in log:
            self.enter(receipt.source, receipt.place, receipt.file_name, receipt.sha256)

    def is_news(self, source: str, place: Place, file_name: str, sha256: str) -> bool:
        """Whether the source never sent these bytes, or others since under the same name."""
        last = self._last.get((source, place, file_name), sha256)
        return last != sha256 or (source, sha256) not in self._sent

    def enter(self, source: str, place: Place, file_name: str, sha256: str) -> None:
        """Take down that these bytes were stated under this name."""
        self._sent.add((source, sha256))
        self._last[source, place, file_name] = sha256


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


def receive(archive: Path, source: str, path: Path, ledger: Ledger, place: Place = "inbox") -> Receipt | None:
    """Keep a file's bytes and log the receipt; nothing happens when the file states nothing new.

    Args:
        archive: the archive folder.
        source: the source the file belongs to.
        path: the file, which is read and never changed.
        ledger: what the log says; the new receipt is entered.
        place: where the file lies.

    Returns:
        The new receipt, or None when there is nothing new.

    Raises:
        WarehouseError: `inbox.unreadable_file` or `archive.file_changed`; nothing is kept then.
    """
    try:
        before = state_of(path)
        sha256 = digest_of(path)
    except OSError as error:
        problem = error.strerror or str(error)
        raise WarehouseError("inbox.unreadable_file", file=path, problem=problem) from error
    if not ledger.is_news(source, place, path.name, sha256):
        return None
    _keep(archive, path, sha256, before)
    received_at = datetime.now(UTC).isoformat(timespec="seconds")
    size = content_path(archive, sha256).stat().st_size
    receipt = Receipt(source, path.name, sha256, size, received_at, place)
    append_line(archive / RECEIPT_LOG, json.dumps(asdict(receipt), ensure_ascii=False))
    ledger.enter(source, place, path.name, sha256)
    return receipt


def store(archive: Path, path: Path) -> str:
    """Keep a file's bytes without a receipt, and return their digest."""
    before, sha256 = state_of(path), digest_of(path)
    _keep(archive, path, sha256, before)
    return sha256


def _without_waiting(path: str, flags: int) -> int:
    """Opens a file; a pipe that nobody writes to would otherwise wait for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def _keep(archive: Path, path: Path, sha256: str, before: FileState) -> None:
    target = content_path(archive, sha256)
    if target.exists():
        _refuse_changed(path, before)
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
            _refuse_changed(path, before)
        except BaseException:
            os.unlink(copy.name)
            raise
    os.chmod(copy.name, 0o444)
    os.replace(copy.name, target)


def _refuse_changed(path: Path, before: FileState) -> None:
    """Who wrote to the file while it was read may not have finished."""
    if not is_unchanged(path, before):
        raise WarehouseError("archive.file_changed", file=path)


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
