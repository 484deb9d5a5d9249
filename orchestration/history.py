"""The orchestrator's own folder: its settings, the history of runs, and runs that died without saying so."""

from __future__ import annotations

import json

import dagster as dg

from warehouse.home import Home

# One run at a time and one writer inside it; nothing is reported to anyone.
SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    default_limit: 1
    granularity: op
event_log_storage:
  module: orchestration.run_history
  class: RunHistory
  config:
    base_dir: {events}
"""
SETTINGS_FILE = "dagster.yaml"


def prepare_history(home: Home) -> None:
    """Make the orchestrator's folder, with its settings in it."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    path = home.dagster / SETTINGS_FILE
    settings = SETTINGS.format(events=json.dumps(str(home.dagster / "events"), ensure_ascii=False))
    if not path.exists() or path.read_text(encoding="utf-8") != settings:
        path.write_text(settings, encoding="utf-8")


def open_history(home: Home) -> dg.DagsterInstance:
    """The history of runs that the command line, the schedule and the web interface share."""
    prepare_history(home)
    return dg.DagsterInstance.from_config(str(home.dagster))


def end_dead_runs(instance: dg.DagsterInstance, living: str) -> None:
    """Mark runs as failed that a kill or a power cut ended, and free the writer's place that they hold.

    Call it under the build lock only: whoever holds the lock knows that no other run is writing.

    Args:
        instance: the history of runs.
        living: the id of the run that holds the lock.
    """
    under_way = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    for run in instance.get_runs(under_way):
        if run.run_id != living:
            instance.report_run_failed(run, "The process of this run ended before the run did.")
    for run_id in instance.event_log_storage.get_concurrency_run_ids():
        if run_id != living:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
