"""Who is told of a failed run."""

import json

import dagster as dg
import pytest

from orchestration.failure import explained
from orchestration.sensors import failure_alert
from warehouse.errors import GateError
from warehouse.home import Home


def alert_of(home: Home, failing, monkeypatch: pytest.MonkeyPatch, resources=None) -> dict[str, object]:
    """Runs one failing step and gives the run to the sensor."""
    monkeypatch.setenv("TONGJI_LANG", "en")

    @dg.op(name="publish", required_resource_keys=set(resources or ()))
    def publish() -> None:
        failing()

    @dg.job(name="refresh", resource_defs=resources or {})
    def refresh() -> None:
        publish()

    with dg.DagsterInstance.ephemeral() as instance:
        result = refresh.execute_in_process(instance=instance, raise_on_error=False)
        failed = [event for event in result.all_events if event.event_type == dg.DagsterEventType.RUN_FAILURE]
        context = dg.build_run_status_sensor_context(
            "failure_alert", failed[0], instance, result.dagster_run
        ).for_run_failure()
        failure_alert(home)(context)
        run_id = result.run_id
    alert = json.loads(home.alerts.read_text(encoding="utf-8").splitlines()[-1])
    assert alert["run_id"] == run_id
    return alert


def test_a_failed_run_leaves_one_line_with_step_and_sentence(home: Home, monkeypatch) -> None:
    def failing() -> None:
        with explained():
            raise GateError("gate.quarantine", shares="county 12.00 % > 5 %", names=("county",))

    alert = alert_of(home, failing, monkeypatch)
    assert len(home.alerts.read_text(encoding="utf-8").splitlines()) == 1
    assert set(alert) == {"time", "run_id", "job", "step", "message"}
    assert (alert["job"], alert["step"]) == ("refresh", "publish")
    assert alert["message"].startswith("No release: a larger share")
    assert "(county 12.00 % > 5 %)" in alert["message"]


def test_an_alert_starts_a_line_of_its_own_after_a_torn_one(home: Home, monkeypatch) -> None:
    home.alerts.write_text('{"time": "2026-01-0', encoding="utf-8")
    assert alert_of(home, lambda: 1 / 0, monkeypatch)["message"] == "ZeroDivisionError: division by zero"
    assert len(home.alerts.read_text(encoding="utf-8").splitlines()) == 2


def test_what_nobody_foresaw_is_told_too(home: Home, monkeypatch) -> None:
    def failing() -> None:
        raise ZeroDivisionError("no\nlines")

    alert = alert_of(home, failing, monkeypatch)
    assert alert["message"] == "ZeroDivisionError: no lines"


def test_a_run_that_fails_before_its_first_step_is_told(home: Home, monkeypatch) -> None:
    @dg.resource
    def locked(_):
        with explained():
            raise GateError("release.none", home="/somewhere")

    alert = alert_of(home, lambda: None, monkeypatch, {"build": locked})
    assert alert["step"] is None
    assert "There is no release in /somewhere yet" in alert["message"]


def test_it_is_on_without_being_switched_on(home: Home) -> None:
    assert failure_alert(home).default_status == dg.DefaultSensorStatus.RUNNING
