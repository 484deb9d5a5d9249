"""The log of people's decisions: append-only, every line bound to the one before it, fit for Git.

Here: writing a line, and telling that none was altered, lost or put in. Not here: what a line says (`decision`), what
follows from the lines (`standing`), who may decide what (`orchestration/reviewer.py`).

    reviews/decisions.jsonl   one line a decision, with the sha-256 of the line before
    reviews/head              how many lines there are, and the sha-256 of the last: else a cut-off end is not missed
    reviews/evidence/         the bytes of evidence files, by sha-256
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from expectations.decision import GENESIS, Decision, Entry, Evidence
from expectations.errors import ExpectationError
from warehouse.archive import append_line, content_path, digest_of


class ReviewLog:
    """The folder `reviews/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "decisions.jsonl"
        self.evidence = folder / "evidence"
        self._head = folder / "head"

    def entries(self) -> list[Entry]:
        """Every decision, in the order in which they were taken.

        A last line that a crash cut off was never acknowledged and is passed over.

        Raises:
            ExpectationError: `review.damaged_line`, `review.forked`, `review.broken_chain`, `review.cut_off`.
        """
        head = self._read_head()
        lines = self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []
        digests = [hashlib.sha256(line).hexdigest() for line in lines]
        found = []
        for number, (line, sha256) in enumerate(zip(lines, digests, strict=True), start=1):
            decision = self._read(line, number)
            self._follow(decision.previous, digests, number)
            found.append(Entry(number, sha256, decision))
        self._compare(head, digests)
        return found

    def verify(self, released: Collection[str] = ()) -> list[Entry]:
        """Every decision, after the evidence was compared with the digests that the lines give.

        Args:
            released: ids of decisions that a release tells of: a log from which all was taken, its head included, is
                otherwise one in which nothing was written yet.

        Raises:
            ExpectationError: `review.lost`, `review.evidence_gone`, `review.evidence_altered`, besides those of
                `entries`.
        """
        found = self.entries()
        lost = sorted(set(released) - {entry.decision_id for entry in found})
        if lost:
            raise ExpectationError("review.lost", file=self.path, decision=lost[0], lost=len(lost))
        for entry in found:
            if entry.decision.evidence:
                self._compare_evidence(entry, entry.decision.evidence)
        return found

    @contextmanager
    def writing(self) -> Iterator[list[Entry]]:
        """What stands in the log, while nobody else adds to it.

        Raises:
            ExpectationError: `review.unwritable`, besides those of `entries`.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _held(self.folder):
                yield self.entries()
        except OSError as error:
            raise ExpectationError(
                "review.unwritable", folder=self.folder, problem=error.strerror or str(error)
            ) from error

    def append(self, decision: Decision, before: Sequence[Entry]) -> Entry:
        """Add a decision, within `writing`; once this returns, it outlives a power cut."""
        previous = before[-1].sha256 if before else GENESIS
        decision = decision.model_copy(update={"previous": previous})
        line = decision.model_dump_json()
        append_line(self.path, line)
        entry = Entry(len(before) + 1, hashlib.sha256(line.encode()).hexdigest(), decision)
        unfinished = self._head.with_name(f"head.{os.getpid()}")
        with unfinished.open("w", encoding="ascii") as file:
            file.write(f"{entry.line} {entry.sha256}\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._head)
        return entry

    def _read(self, line: bytes, number: int) -> Decision:
        try:
            return Decision.model_validate_json(line)
        except ValidationError as error:
            raise ExpectationError("review.damaged_line", file=self.path, line=number) from error

    def _follow(self, previous: str, digests: Sequence[str], number: int) -> None:
        expected = digests[number - 2] if number > 1 else GENESIS
        if previous == expected:
            return
        earlier = [GENESIS, *digests[: number - 1]]
        if previous in earlier:
            first = earlier.index(previous) + 1
            raise ExpectationError("review.forked", file=self.path, first=first, second=number)
        raise ExpectationError("review.broken_chain", file=self.path, line=number, before=number - 1)

    def _read_head(self) -> tuple[int, str]:
        try:
            count, sha256 = self._head.read_text(encoding="ascii").split()
            return int(count), sha256
        except FileNotFoundError:
            return 0, GENESIS
        except ValueError as error:
            raise ExpectationError("review.damaged_head", file=self._head) from error

    def _compare(self, head: tuple[int, str], digests: Sequence[str]) -> None:
        """The log may be ahead of the head by what was written last; it may not lack or change what the head knows."""
        count, sha256 = head
        if count > len(digests) or [GENESIS, *digests][count] != sha256:
            raise ExpectationError("review.cut_off", file=self.path, line=count, lines=len(digests))
        if len(digests) > count + 1:
            raise ExpectationError("review.head_behind", file=self._head, line=count, lines=len(digests))

    def _compare_evidence(self, entry: Entry, evidence: Evidence) -> None:
        path = content_path(self.evidence, evidence.sha256)
        try:
            found = digest_of(path)
        except OSError as error:
            raise ExpectationError(
                "review.evidence_gone", file=path, name=evidence.name, log=self.path, line=entry.line
            ) from error
        if found != evidence.sha256:
            raise ExpectationError(
                "review.evidence_altered", file=path, name=evidence.name, log=self.path, line=entry.line
            )


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder itself is locked, so that no file has to be made for it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
