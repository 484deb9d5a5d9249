"""Which step is under way, told to whoever listens: a terminal shows it, a scheduled run has no listener.

Here: the steps' names, the listeners. Not here: the steps.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, Self

from orchestration.messages import text
from orchestration.presentation import printable

STAGES = ("ask", "collect", "prepare", "observe", "derive", "judge", "publish", "release")
# Checking a file asks nobody, and ends before anything is released.
CHECKING = STAGES[1:-1]


class Listener(Protocol):
    """Whoever wants to know how far a refresh is."""

    def stage(self, name: str) -> None:
        """One of `STAGES` begins."""

    def notice(self, code: str, details: dict[str, Any]) -> None:
        """Something a person should know that stops nothing; `code` stands in the message catalogue."""


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send what happens inside to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def stage(name: str) -> None:
    """Say that a step begins."""
    listener = _listener.get()
    if listener:
        listener.stage(name)


def notice(code: str, details: dict[str, Any]) -> None:
    """Pass a notice on."""
    listener = _listener.get()
    if listener:
        listener.notice(code, details)


def told(code: str, details: dict[str, Any]) -> str:
    """What a notice says, safe to show: a service or the name of a file may have put anything into its details."""
    return text(code, **{name: printable(detail) for name, detail in details.items()})


class Display:
    """Shows progress on standard error: a line that moves on a terminal, one line a step elsewhere.

    Nothing is shown before the first step, so a refresh that has nothing to do stays silent.
    """

    def __init__(self, stages: Sequence[str] = STAGES) -> None:
        self._stages = stages
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def stage(self, name: str) -> None:
        """Show that one of `STAGES` begins."""
        title = text(f"stage.{name}")
        if not sys.stderr.isatty():
            print(title, file=sys.stderr, flush=True)  # noqa: T201
            return
        if self._bar is None:
            self._start()
        self._bar.update(self._task, description=title, completed=self._stages.index(name))

    def notice(self, code: str, details: dict[str, Any]) -> None:
        """Show a notice above the moving line."""
        if self._bar:
            self._bar.console.print(told(code, details))
        else:
            print(told(code, details), file=sys.stderr, flush=True)  # noqa: T201

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True, markup=False, emoji=False, highlight=False),
            transient=True,
        )
        self._task = self._bar.add_task("", total=len(self._stages))
        self._bar.start()
