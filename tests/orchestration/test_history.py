"""The history of runs: telemetry off, runs that died, and connections that are kept."""

import dagster as dg
import pytest

from orchestration import run_history
from orchestration.history import end_dead_runs, open_history
from orchestration.run_history import RunHistory
from warehouse.home import Home


@pytest.fixture
def history(home: Home):
    with open_history(home) as opened:
        yield opened


def test_nothing_is_reported_to_anyone(history: dg.DagsterInstance) -> None:
    assert not history.telemetry_enabled
    assert not history.nux_enabled


def test_one_run_and_one_writer_at_a_time(history: dg.DagsterInstance) -> None:
    assert history.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
    assert history.get_concurrency_config().pool_config.default_pool_limit == 1


def test_events_of_a_run_share_their_connections(history: dg.DagsterInstance, monkeypatch) -> None:
    """The replaced method is private to Dagster: this fails when a version no longer calls it."""
    made = []
    create = run_history.create_engine
    monkeypatch.setattr(run_history, "create_engine", lambda *a, **k: made.append(1) or create(*a, **k))

    @dg.asset
    def counted() -> None:
        pass

    assert isinstance(history.event_log_storage, RunHistory)
    result = dg.materialize([counted], instance=history)
    stored = history.all_logs(result.run_id)
    assert len(stored) > 5
    assert 1 <= len(made) <= 3


def test_old_files_are_let_go_of(history: dg.DagsterInstance) -> None:
    storage = history.event_log_storage
    for number in range(3 * run_history.KEPT_OPEN):
        with storage.run_connection(f"run-{number}"):
            pass
    assert len(storage._kept_engines) <= run_history.KEPT_OPEN


def test_a_run_that_was_killed_is_marked_and_its_place_freed(history: dg.DagsterInstance) -> None:
    @dg.job(name="refresh")
    def refresh() -> None:
        pass

    dead = history.create_run_for_job(refresh, status=dg.DagsterRunStatus.STARTED)
    living = history.create_run_for_job(refresh, status=dg.DagsterRunStatus.STARTED)
    waiting = history.create_run_for_job(refresh, status=dg.DagsterRunStatus.NOT_STARTED)
    history.event_log_storage.initialize_concurrency_limit_to_default("build_database")
    history.event_log_storage.claim_concurrency_slot("build_database", dead.run_id, "publish")
    end_dead_runs(history, living.run_id)
    status = {run.run_id: run.status for run in history.get_runs()}
    assert status[dead.run_id] == dg.DagsterRunStatus.FAILURE
    assert status[living.run_id] == dg.DagsterRunStatus.STARTED
    assert status[waiting.run_id] == dg.DagsterRunStatus.NOT_STARTED
    assert not history.event_log_storage.get_concurrency_run_ids()
