"""Running the dbt project inside this process: a subprocess would pay 12-15 s of imports each time.

Here: the invocation and its results as plain data. Not here: which models belong to which step (`lineage.py`), and
when they run (`assets.py`).
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from orchestration.errors import OrchestrationError, StructuralError
from warehouse.digest import project_digest
from warehouse.home import DBT_PROJECT, Home
from warehouse.settings import load_settings

# Kept apart from what a run writes: the definitions read it while a run may be under way in another process. The same
# manifest as plain data and as dbt's own objects, and of which project it is.
PARSED = "parsed"
DATA, OBJECTS, MARK = "manifest.json", "manifest.msgpack", "project_digest"
PROJECT = "tongji"
# What dbt puts before and after the message proper.
HEADINGS = ("Runtime Error", "Database Error", "Compilation Error", "Parsing Error", "Error encountered in")


@dataclass(frozen=True)
class NodeResult:
    """What became of one node of the dbt project: `status` is dbt's, `seconds` its own execution time."""

    unique_id: str
    status: str
    seconds: float
    message: str
    failures: int

    @property
    def kind(self) -> str:
        """`model`, `seed`, `test`."""
        return self.unique_id.split(".")[0]

    @property
    def name(self) -> str:
        """The node's name in the project."""
        return self.unique_id.split(".")[2]


class Transformation:
    """The dbt project, bound to one build database; it is parsed once and run as often as needed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._parsed: Any = None

    def manifest(self) -> Mapping[str, Any]:
        """The project's manifest as plain data: parsed when there is none, or when the project has changed."""
        document: dict[str, Any] = json.loads(self._kept(DATA) or self._parse())
        return document

    def build(self, nodes: Sequence[str], full_refresh: bool = False) -> list[NodeResult]:
        """Build the named nodes and run the tests whose every parent is built by then.

        No variables are passed: dbt renders their values as Jinja and pastes them into SQL. What a run covers stands
        in tables of the build database.

        Args:
            nodes: names of models and seeds.
            full_refresh: make incremental models anew.

        Returns:
            What became of each node; give it to `refuse_failures` once it is recorded.

        Raises:
            OrchestrationError: `model.project_broken` when dbt did not come as far as the nodes.
        """
        options = [
            "--select", *nodes, "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test",
        ]  # fmt: skip
        if full_refresh:
            options.append("--full-refresh")
        outcome = self._invoke("build", *options)
        results = [
            NodeResult(
                result.node.unique_id, str(result.status), result.execution_time, result.message or "",
                result.failures or 0,
            )
            for result in getattr(outcome.result, "results", ())
        ]  # fmt: skip
        if not results and not outcome.success:
            _raise(outcome.exception)
        return results

    def compiled(self, path: str) -> str:
        """The SQL that the last run made of a model, by the model's path in the project."""
        root = self._home.dbt_target / "compiled" / PROJECT / "models"
        return (root / path).read_text(encoding="utf-8")

    def _manifest(self) -> Any:
        """The manifest as dbt's objects; reading what was kept takes a twentieth of the time of parsing."""
        if self._parsed is None:
            kept = self._kept(OBJECTS)
            if kept:
                self._parsed = _unpacked(kept)
            else:
                self._parse()
        return self._parsed

    def _parse(self) -> bytes:
        """Parse, keep what comes of it for other processes, and return it as plain data."""
        digest, outcome = project_digest(), self._invoke("parse")
        if not outcome.success:
            _raise(outcome.exception)
        self._parsed = outcome.result
        return self._keep(outcome.result, digest)

    def _kept(self, name: str) -> bytes | None:
        folder = self._home.dbt_target / PARSED
        with suppress(FileNotFoundError):
            if (folder / MARK).read_text(encoding="ascii") == project_digest():
                return (folder / name).read_bytes()
        return None

    def _keep(self, manifest: Any, digest: str) -> bytes:
        folder = self._home.dbt_target / PARSED
        folder.mkdir(parents=True, exist_ok=True)
        data = json.dumps(manifest.writable_manifest().to_dict(omit_none=False), default=str).encode()
        for name, content in ((DATA, data), (OBJECTS, _packed(manifest)), (MARK, digest.encode())):
            unfinished = folder / f"{name}.{os.getpid()}"
            unfinished.write_bytes(content)
            unfinished.replace(folder / name)
        return data

    def _invoke(self, command: str, *options: str) -> Any:
        parsed = self._manifest() if command != "parse" else None
        with _environment(self._home), _interrupts_for_dbt():
            from dbt.cli.main import dbtRunner

            outcome = dbtRunner(manifest=parsed).invoke(
                [
                    command, *options,
                    "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
                    "--target-path", str(self._home.dbt_target), "--log-path", str(self._home.dbt_log),
                    "--log-level", "none", "--no-use-colors", "--no-send-anonymous-usage-stats", "--no-write-json",
                ]
            )  # fmt: skip
            _let_go_of_the_database()
        return outcome


def refuse_failures(results: Sequence[NodeResult]) -> None:
    """Go no further when a model or a test failed.

    Raises:
        OrchestrationError: `model.failed`, with the first model and the first line of what the database said.
        StructuralError: `gate.tests_failed`, naming the tests.
    """
    broken = [result for result in results if result.status in ("error", "runtime error", "partial success")]
    if broken:
        first = broken[0]
        raise OrchestrationError(
            "model.failed", model=first.name, problem=_said(first.message), failed=len(broken)
        )
    failed = [result for result in results if result.status == "fail"]
    if failed:
        tests = ", ".join(f"{result.name} ({result.failures})" for result in failed)
        raise StructuralError("gate.tests_failed", tests=tests, failed=len(failed))


def _packed(manifest: Any) -> bytes:
    from dbt.parser.manifest import extended_mashumaro_encoder

    packed: bytes = manifest.to_msgpack(extended_mashumaro_encoder)
    return packed


def _unpacked(packed: bytes) -> Any:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    return Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)


def _said(message: str) -> str:
    """The line that says what is wrong: the database's own, else the first that is no heading of dbt's."""
    lines = [line for line in map(str.strip, message.splitlines()) if line and not line.startswith(HEADINGS)]
    return next((line for line in lines if "Error: " in line), (lines or ["?"])[0])


def _raise(exception: BaseException | None) -> None:
    if exception is not None and not isinstance(exception, Exception):
        raise exception  # an interrupt is none of dbt's business
    raise OrchestrationError("model.project_broken", problem=_said(str(exception))) from exception


def _let_go_of_the_database() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@contextmanager
def _interrupts_for_dbt() -> Iterator[None]:
    """Let an interrupt reach dbt as Python's own, which it answers by ending its queries and threads.

    The orchestrator's handler raises something else, and threads left running end the process in an abort.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before == signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def environment(home: Home) -> dict[str, str]:
    """What `profiles.yml` asks for: which database, and how much of the machine it may take; and no telemetry."""
    settings = load_settings(home)
    return {
        "TONGJI_BUILD_DB": str(home.database),
        "TONGJI_MEMORY_LIMIT": settings.memory_limit,
        "TONGJI_THREADS": str(settings.threads),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


@contextmanager
def _environment(home: Home) -> Iterator[None]:
    wanted = environment(home)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
