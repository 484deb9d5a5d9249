"""One refresh from the command line: whether it is due, and running it in this process.

Here: what the command and the schedule's job have in common ends. Not here: the steps (`assets.py`), the words.
Nothing heavy is imported before it is certain that there is work.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from orchestration.due import up_to_date_release
from orchestration.progress import Listener, listening
from sources.declared.source import Declaration
from warehouse.asking import ask_services
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.manifest import Manifest, current
from warehouse.responses import due_requests
from warehouse.settings import load_settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """What a refresh came to: the release in force, and whether it was there before."""

    release: Manifest
    unchanged: bool


def refresh(
    home: Home,
    declarations: Mapping[str, Declaration],
    listener: Listener,
    sources: Collection[str] = (),
    years: tuple[int, int] | None = None,
) -> Outcome:
    """Make a release of what is there, if anything changed since the last one.

    Args:
        home: where everything lies.
        declarations: the sources in force.
        listener: is told how far the refresh is.
        sources: recompute the observations of these only; all when empty. What else is behind stays so.
        years: recompute the reference years from the first to the last of these only.

    Raises:
        WarehouseError: `build.locked` when another refresh runs; no run is made then.
        GateError: a gate was not passed; the last release stays.
        TongjiError: anything else that a person can mend.
    """
    _ask(home, declarations, listener)
    unchanged = up_to_date_release(home, declarations)
    if unchanged:
        return Outcome(unchanged, unchanged=True)
    with build_lock(home):
        pass  # the run takes it itself; this only spares a run that could not begin
    with warnings.catch_warnings(), listening(listener):
        warnings.simplefilter("ignore")
        _run(home, sources, years)
    made = current(home)
    assert made is not None
    return Outcome(made, unchanged=False)


def _ask(home: Home, declarations: Mapping[str, Declaration], listener: Listener) -> None:
    """Ask the services that are due; where nothing new came, nothing else needs to be done."""
    settings = load_settings(home)
    if not due_requests(home, declarations, settings):
        return
    with build_lock(home):
        listener.stage("ask")
        for code, details in ask_services(home, declarations, settings):
            listener.notice(code, details)


def _run(home: Home, sources: Collection[str], years: tuple[int, int] | None) -> None:
    from orchestration.assets import reference_years
    from orchestration.definitions import REFRESH, assemble
    from orchestration.history import open_history
    from orchestration.lineage import observation_key
    from orchestration.schedule import year_range

    known = [int(year) for year in reference_years().get_partition_keys()]
    first, last = years or (known[0], known[-1])
    definitions = assemble(home)
    job = definitions.resolve_job_def(REFRESH)
    selected = None
    if sources:
        wanted = {observation_key(source) for source in sources}
        every = definitions.resolve_asset_graph().get_all_asset_keys()
        selected = [key for key in every if key.path[0] != "observation" or key in wanted]
    with open_history(home) as history:
        job.execute_in_process(
            run_config=QUIET,
            instance=history,
            asset_selection=selected,
            tags=year_range(max(first, known[0]), min(last, known[-1])),
        )
