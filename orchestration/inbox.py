"""The inbox watched: one run is asked for when files lie there whole that state something new.

Here: when to ask. Not here: what is new (`warehouse/archive.py`), and taking it in, which the run does. Every half
minute nothing but the folders' listing is read; a file's bytes are read once for each state it is in.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration.failure import explained
from orchestration.messages import text
from orchestration.progress import told
from orchestration.schedule import year_range
from sources.declared.source import Declaration
from warehouse.archive import Ledger, digest_of, receipts
from warehouse.collection import Notice, sent_files, strays
from warehouse.home import Home
from warehouse.settling import FileState, state_of

# A file that nothing was written to between two looks is whole.
INTERVAL_SECONDS = 30
TOLD_AT_ONCE = 5
# Files that a run failed to take in (its start met another refresh, the disk was full) are asked for again after this.
RETRY_AFTER = timedelta(minutes=10)
# The tag of a run that says for which files it was asked.
ASKED_FOR = "tongji/asked_for"
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

Lying = dict[tuple[str, Path], FileState]


class Digests:
    """The digests of files, each computed once for the state it is in."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[FileState, str]] = {}

    def of(self, path: Path, state: FileState) -> str:
        """The sha-256 of a file in that state.

        Raises:
            OSError: it cannot be read.
        """
        known = self._known.get(path)
        if known is None or known[0] != state:
            known = self._known[path] = state, digest_of(path)
        return known[1]

    def forget_all_but(self, paths: Iterable[Path]) -> None:
        """Forget the files that are gone."""
        self._known = {path: self._known[path] for path in paths if path in self._known}


def inbox_watch(
    home: Home, job_name: str, years: dg.StaticPartitionsDefinition, declarations: Mapping[str, Declaration]
) -> dg.SensorDefinition:
    """A sensor that asks for one run of a job for all files that are new; why it does not is told in the tick."""
    digests = Digests()

    @dg.sensor(
        name="inbox",
        job_name=job_name,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Refreshes when new files have lain in the inbox unchanged for half a minute.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        lying, notices = _lying(home, declarations)
        notices += [*_new_sources(home, declarations), *strays(home, declarations)]
        seen = _digest(f"{source}/{path.name}/{state}" for (source, path), state in sorted(lying.items()))
        if seen == context.cursor:
            return _skip("inbox.nothing_new", notices)
        if context.instance.get_runs_count(dg.RunsFilter(statuses=UNDER_WAY)):
            return _skip("inbox.run_under_way", notices)
        with explained():
            log = list(receipts(home.archive))
        news = list(_news(Ledger(log), lying, digests, notices))
        if not news:
            # Only now, since a run that is asked for may fail before it takes the files in.
            context.update_cursor(seen)
            return _skip("inbox.nothing_new", notices)
        # The same bytes may be stated anew after others, so what was received before belongs to the key.
        asked_for = _digest([str(len(log)), *news])
        failures, latest = _failures(context.instance, asked_for)
        if latest and datetime.now(UTC) < latest + RETRY_AFTER:
            return _skip("inbox.run_failed", notices)
        first, last = years.get_first_partition_key(), years.get_last_partition_key()
        tags = {**year_range(str(first), str(last)), ASKED_FOR: asked_for}
        return dg.RunRequest(f"{asked_for}-{failures}", tags=tags)

    return inbox


def _failures(instance: dg.DagsterInstance, asked_for: str) -> tuple[int, datetime | None]:
    """How many runs for these files failed, and when the latest did."""
    failed = dg.RunsFilter(tags={ASKED_FOR: asked_for}, statuses=[dg.DagsterRunStatus.FAILURE])
    latest = instance.get_run_records(failed, limit=1)
    return instance.get_runs_count(failed), latest[0].update_timestamp if latest else None


def _lying(home: Home, declarations: Mapping[str, Declaration]) -> tuple[Lying, list[Notice]]:
    """The files of every source that nobody writes to any more, and a word on the others."""
    lying: Lying = {}
    notices: list[Notice] = []
    for source in declarations:
        for path in sent_files(home, source):
            with suppress(OSError):  # gone since it was listed
                state = state_of(path)
                if state.quiet_seconds < INTERVAL_SECONDS:
                    notices.append(("inbox.still_written", {"file": path}))
                else:
                    lying[source, path] = state
    return lying, notices


def _news(ledger: Ledger, lying: Lying, digests: Digests, notices: list[Notice]) -> Iterator[str]:
    """What is new, as texts that tell it apart; a file that cannot be read is a notice."""
    for (source, path), state in lying.items():
        try:
            sha256 = digests.of(path, state)
        except OSError as error:
            notices.append(("inbox.unreadable_file", {"file": path, "problem": error.strerror or str(error)}))
            continue
        if ledger.is_news(source, "inbox", path.name, sha256):
            ledger.enter(source, "inbox", path.name, sha256)
            yield f"{source}/{path.name}/{sha256}"
    digests.forget_all_but(path for _, path in lying)


def _new_sources(home: Home, declarations: Mapping[str, Declaration]) -> Iterator[Notice]:
    """The sources that were declared after the definitions were loaded, which no run of theirs knows."""
    for path in sorted(home.sources.glob("*/source.yml")):
        if path.parent.name not in declarations:
            yield "serve.new_source", {"source": path.parent.name}


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _skip(code: str, notices: list[Notice]) -> dg.SkipReason:
    lines = [text(code), *(told(code, details) for code, details in notices[:TOLD_AT_ONCE])]
    if len(notices) > TOLD_AT_ONCE:
        lines.append(f"+ {len(notices) - TOLD_AT_ONCE}")
    return dg.SkipReason(" ".join(lines))
