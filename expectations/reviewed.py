"""The decisions put where the dbt models can join them, before any observation is judged.

Here: the tables `raw.review`, `raw.review_flag` and `raw.reviewed_value`. Not here: what they follow from (`standing`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from expectations.decision import Entry, Value
from expectations.review import ReviewLog
from expectations.standing import Reviewed, Standing, reviewed, standings

TEXT, WHOLE, NUMBER, TIME = pl.String, pl.Int32, pl.Float64, pl.Datetime("us")
VALUE: dict[str, Any] = dict.fromkeys(Value.model_fields, TEXT)
TABLES: dict[str, dict[str, Any]] = {
    "review": {
        "decision_id": TEXT, "line_no": WHOLE, "flag_id": TEXT, "rule": TEXT, "action": TEXT, "state": TEXT, **VALUE,
        "ref_year": WHOLE, "vintage": pl.Date, "unit_measure": TEXT, "decided_value": NUMBER, "raw_text": TEXT,
        "unit_text": TEXT, "file_name": TEXT, "sheet": TEXT, "cell": TEXT, "reason": TEXT, "evidence_name": TEXT,
        "evidence_sha256": TEXT, "account": TEXT, "login": TEXT, "decided_at": TIME, "confirmed_by": TEXT,
        "confirmed_at": TIME, "ended_by": TEXT, "ended_at": TIME, "ended_reason": TEXT, "release_id": TEXT,
    },
    "review_flag": {
        "decision_id": TEXT, "flag_id": TEXT, "rule": TEXT, "severity": TEXT, "expected_low": NUMBER,
        "expected_high": NUMBER, "suggested_value": NUMBER, "diagnosis": TEXT, "confidence": TEXT,
        "message_en": TEXT, "message_zh": TEXT,
    },
    "reviewed_value": {
        **VALUE, "outcome": TEXT, "decided_value": TEXT, "decided_decimals": WHOLE, "decisions": pl.List(TEXT),
    },
}  # fmt: skip
"""Columns of the tables; `obs_value` is a text of twelve significant digits, a decided value an exact decimal."""


def enter_reviews(
    connection: duckdb.DuckDBPyConnection, log: ReviewLog, released: Collection[str] = ()
) -> None:
    """Replace the tables by what the log says.

    Args:
        connection: of the build database, read-write.
        log: the decisions.
        released: ids of decisions that the release in force tells of.

    Raises:
        ExpectationError: the log or its evidence is not what was written; the tables are then as they were.
    """
    found = standings(log.verify(released))
    rows: dict[str, list[dict[str, Any]]] = {
        "review": [_decision(one) for one in found],
        "review_flag": [flag for one in found for flag in _flags(one.entry)],
        "reviewed_value": [_value(one) for one in reviewed(found)],
    }
    for table, columns in TABLES.items():
        frame = pl.DataFrame(rows[table], schema=columns)
        connection.register("entered", frame.to_arrow())
        connection.execute(f"create or replace table raw.{table} as from entered")
        connection.unregister("entered")


def _decision(standing: Standing) -> dict[str, Any]:
    entry, decision = standing.entry, standing.entry.decision
    file_name, sheet, cell = decision.place
    evidence, confirmed, ended = decision.evidence, standing.confirmed, standing.ended
    return {
        "decision_id": entry.decision_id,
        "line_no": entry.line,
        "rule": next((flag.rule for flag in decision.flags if flag.flag_id == decision.flag_id), None),
        "state": standing.state,
        **decision.value.model_dump(),
        **decision.model_dump(
            include={"flag_id", "action", "ref_year", "unit_measure", "raw_text", "unit_text", "reason", "account",
                     "login", "release_id"}
        ),
        "vintage": date.fromisoformat(decision.vintage),
        "decided_value": None if decision.decided_value is None else float(decision.decided_value),
        "file_name": file_name,
        "sheet": sheet,
        "cell": cell,
        "evidence_name": evidence and evidence.name,
        "evidence_sha256": evidence and evidence.sha256,
        "decided_at": _utc(decision.decided_at),
        "confirmed_by": confirmed and confirmed.decision.account,
        "confirmed_at": confirmed and _utc(confirmed.decision.decided_at),
        "ended_by": ended and ended.decision.account,
        "ended_at": ended and _utc(ended.decision.decided_at),
        "ended_reason": ended and ended.decision.reason,
    }  # fmt: skip


def _flags(entry: Entry) -> list[dict[str, Any]]:
    return [{"decision_id": entry.decision_id, **flag.model_dump()} for flag in entry.decision.flags]


def _value(one: Reviewed) -> dict[str, Any]:
    return {
        **one.value.model_dump(),
        "outcome": one.outcome,
        "decided_value": None if one.decided_value is None else f"{one.decided_value:f}",
        "decided_decimals": None if one.decided_value is None else _decimals(one.decided_value),
        "decisions": list(one.decisions),
    }


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
