"""Who is told of a failed run: one line of JSON in `alerts.jsonl`, for whatever mails or pages people."""

import json
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from orchestration.failure import told
from warehouse.home import Home


def failure_alert(home: Home) -> dg.SensorDefinition:
    """A sensor that writes one line per failed run: time, run id, job, step (null before the first), message."""

    @dg.run_failure_sensor(
        name="failure_alert",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=30,
        description="Writes every failed run to alerts.jsonl under TONGJI_HOME.",
    )
    def failure_alert(context: dg.RunFailureSensorContext) -> None:
        step, message = _failure(context)
        alert = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "run_id": context.dagster_run.run_id,
            "job": context.dagster_run.job_name,
            "step": step,
            "message": message,
        }
        home.root.mkdir(parents=True, exist_ok=True)
        line = json.dumps(alert, ensure_ascii=False) + "\n"
        with home.alerts.open("ab") as file:
            file.write(("\n" if _torn(home.alerts) else "").encode() + line.encode())

    return failure_alert


def _torn(alerts: Path) -> bool:
    """Whether a power cut left the last line without its end."""
    return alerts.read_bytes()[-1:] not in (b"", b"\n")


def _failure(context: dg.RunFailureSensorContext) -> tuple[str | None, str]:
    """The first failed step and what it said; a run can also fail before its first step, or be ended from outside."""
    for event in context.get_step_failure_events():
        return event.step_key, told(event.step_failure_data.error)
    data = context.failure_event.event_specific_data
    return None, told(getattr(data, "error", None)) or " ".join((context.failure_event.message or "").split())
