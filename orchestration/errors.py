"""The errors of this room, and which exit status each error of the project ends a command with."""

from __future__ import annotations

from sources.errors import TongjiError
from warehouse.errors import GateError

DONE, FAILED, USAGE, GATE, LOCKED, INTERRUPTED = 0, 1, 2, 3, 4, 130


class OrchestrationError(TongjiError):
    """A step could not be carried out."""


class StructuralError(GateError):
    """A structural test failed: what was derived must not be released."""


def project_error(error: BaseException) -> TongjiError | None:
    """The error of ours that an exception came from, or None.

    The orchestrator wraps what a step raises, more than once when it retries; the links of the chain lead back.
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        if isinstance(link, TongjiError):
            return link
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    return None


def exit_status(error: TongjiError) -> int:
    """The exit status that a command ends with when it raised `error`."""
    if isinstance(error, GateError):
        return GATE
    return LOCKED if error.code == "build.locked" else FAILED
