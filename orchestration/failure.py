"""How a failed step looks in the history of runs: the sentence that people get, with the remedy in it.

Here: between our errors and the orchestrator's. Not here: exit statuses (`errors.py`), who is told (`sensors.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.messages import sentence
from sources.errors import TongjiError

if TYPE_CHECKING:
    from dagster_shared.error import SerializableErrorInfo


@contextmanager
def explained() -> Iterator[None]:
    """Show an error of ours as its sentence, and try nothing again: it would end the same way."""
    try:
        yield
    except TongjiError as error:
        raise dg.Failure(sentence(error), allow_retries=False) from error


def told(error: SerializableErrorInfo | None) -> str:
    """What a recorded error says, in one line: its sentence if it was explained, else its innermost cause."""
    message = ""
    while error:
        message = " ".join(error.message.split())
        if error.cls_name == dg.Failure.__name__:
            return message.partition(": ")[2]
        error = error.cause
    return message
