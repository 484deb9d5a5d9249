"""Checking one file as a refresh would, with nothing loaded: the same steps, in a throw-away home.

Here: which source the file is taken for, and the steps up to the verdict. Not here: how the answer looks
(`check_report.py`), the steps themselves (`assets.py`).
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import OrchestrationError
from orchestration.progress import Listener, listening
from sources.cell import Reject
from sources.declared.layout import TidyLayout
from sources.declared.source import Declaration
from sources.reading import Reader, Reading
from warehouse.archive import digest_of
from warehouse.collection import SIMPLEST, is_passed_over
from warehouse.contribution import Contribution, contribution
from warehouse.errors import GateError, WarehouseError
from warehouse.home import Home
from warehouse.rehearsal import rehearsal
from warehouse.settings import load_settings

# The public relations that the answer is taken from, and what says which run they are of.
ASKED = (
    "dim_indicator", "fct_observation", "fct_observation_vintage", "mart_coverage", "mart_quality_flag", "mart_reject",
    "release_info",
)  # fmt: skip


class UnknownSourceError(OrchestrationError):
    """It cannot be told which source a file is of."""


@dataclass(frozen=True)
class Checked:
    """What checking a file came to.

    Attributes:
        file: the file.
        source: the source it was taken for; empty when nothing could be read of it as any.
        unread: why nothing could be read of it; then there is no `found`.
        found: what it would bring.
        stopped: why a refresh with it would make no release.
    """

    file: Path
    source: str
    unread: tuple[Reject, ...] = ()
    found: Contribution | None = None
    stopped: GateError | None = None

    @property
    def is_clean(self) -> bool:
        """Whether everything was read and nothing was flagged."""
        return self.found is not None and self.found.is_clean


def check(
    home: Home,
    declarations: Mapping[str, Declaration],
    file: Path,
    source: str | None,
    listener: Listener,
) -> Checked:
    """Reads and judges a file against what is in force; nothing under the home is changed.

    Args:
        home: where everything lies.
        declarations: the sources in force.
        file: the file; it may lie anywhere.
        source: the source it is of; guessed when None.
        listener: is told how far it is.

    Raises:
        UnknownSourceError: `check.no_source`, `check.several_sources`.
        WarehouseError: `inbox.unreadable_file`, `rehearsal.impossible`.
        TongjiError: what stops a refresh stops this too.
    """
    if not file.is_file():  # reading a pipe or a device might never end
        raise OrchestrationError("check.no_file", file=file)
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        problem = error.strerror or str(error)
        raise WarehouseError("inbox.unreadable_file", file=file, problem=problem) from error
    if is_passed_over(file):
        raise OrchestrationError("check.passed_over", file=file)
    with Reader(load_settings(home).reading) as reader:
        source = source or _declared_for(home, declarations, file)
        tried = [declarations[source]] if source else list(declarations.values())
        readings = {one.source: reader.read(file, one, file.name) for one in tried}
    unread = {name: tuple(one.rejects) for name, one in readings.items() if one.cells.is_empty()}
    if len(unread) == len(readings) and len({tuple(r.code for r in one) for one in unread.values()}) == 1:
        return Checked(file, source or "", next(iter(unread.values())))
    read = {name: one for name, one in readings.items() if name not in unread}
    source = source or _fitting(file, declarations, read)
    with rehearsal(home) as double:
        folder = double.inbox / source
        folder.mkdir(parents=True)
        # A link would lead out of the inbox, and not be taken in; a new time would be that of a file being written.
        copy = Path(shutil.copy2(file, folder))
        stopped = _judge(double, listener)
        with _build(double) as connection:
            found = contribution(connection, home, source, digest_of(copy))
    return Checked(file, source, found=found, stopped=stopped)


def _declared_for(home: Home, declarations: Mapping[str, Declaration], file: Path) -> str | None:
    """The source whose inbox the file lies in, or that alone declares a file of its name."""
    folder = file.resolve().parent
    if folder.parent == home.inbox.resolve() and folder.name in declarations:
        return folder.name
    naming = [name for name, one in declarations.items() if file.name in {known.name for known in one.files}]
    return naming[0] if len(naming) == 1 else None


def _fitting(file: Path, declarations: Mapping[str, Declaration], read: Mapping[str, Reading]) -> str:
    """The source whose layout and labels the file has; of the tidy ones, that of submissions.

    Args:
        file: the file.
        declarations: the sources in force.
        read: what was read, by those as files of which anything was.
    """
    if any(isinstance(declarations[name].layout, TidyLayout) for name in read):
        return SIMPLEST
    fitting = [name for name, one in read.items() if not one.rejects and _is_meant(declarations[name], one)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UnknownSourceError("check.several_sources", file=file, fitting=", ".join(fitting))
    raise UnknownSourceError("check.no_source", file=file, known=", ".join(declarations))


def _is_meant(declaration: Declaration, reading: Reading) -> bool:
    """Whether a source that says what its labels mean says it of those of a file: exports of one portal look alike."""
    known = {one.label for one in declaration.series}
    return not known or known.issuperset(reading.cells["indicator_label"].unique())


def _judge(double: Home, listener: Listener) -> GateError | None:
    """Carries the steps of a refresh out, but for the release; returns what would stop it."""
    import dagster as dg

    from orchestration.assets import reference_years
    from orchestration.definitions import REFRESH, assemble
    from orchestration.lineage import RELEASE
    from orchestration.refresh import QUIET
    from orchestration.schedule import year_range
    from warehouse.gate import check_gate

    years = [int(year) for year in reference_years().get_partition_keys()]
    with warnings.catch_warnings(), listening(listener), dg.DagsterInstance.ephemeral() as history:
        warnings.simplefilter("ignore")
        definitions = assemble(double)
        asked = dg.AssetSelection.assets(*(dg.AssetKey(["marts", name]) for name in ASKED))
        before = (
            dg.AssetSelection.all()
            - dg.AssetSelection.key_prefixes(["marts"])
            - dg.AssetSelection.assets(RELEASE)
        )
        wanted = (asked.upstream() | before).resolve(definitions.resolve_asset_graph())
        definitions.resolve_job_def(REFRESH).execute_in_process(
            run_config=QUIET,
            instance=history,
            asset_selection=sorted(wanted),
            tags=year_range(years[0], years[-1]),
        )
    with _build(double) as connection:
        try:
            check_gate(connection)
        except GateError as error:
            return error
    return None


def _build(double: Home) -> Any:
    from warehouse.build import open_build

    return open_build(double)
