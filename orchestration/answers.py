"""What a release answers: any query, the open flags, its own standing. Read-only, and only what is published.

Here: the questions of the command line. Not here: opening a release (`warehouse/query.py`), how answers look.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orchestration.due import up_to_date_release
from orchestration.messages import language, text
from sources.declaration import Declaration
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.manifest import Manifest, current

if TYPE_CHECKING:
    import polars as pl

# What a person needs to decide about a flag, in a width that a terminal has; the other formats give every column.
FLAG_COLUMNS = (
    "flag_id", "severity", "ref_area_name", "time_period", "indicator", "area_type", "obs_value", "suggested_value",
)  # fmt: skip


def ask(
    home: Home,
    sql: str,
    parameters: Sequence[object] = (),
    release: str | None = None,
    as_of: datetime.date | None = None,
) -> pl.DataFrame:
    """The rows that a query finds in a release.

    Args:
        home: where releases lie.
        sql: one query; public relations are `marts.<name>`.
        parameters: values for its question marks.
        release: the id of a release; the one in force when None.
        as_of: show what was known on that day.

    Raises:
        WarehouseError: `release.none`, `release.unknown`, or one of `sql.*` when the query cannot be answered.
    """
    from warehouse.query import open_release, run

    with open_release(home, release, as_of) as connection:
        return run(connection, sql, parameters)


def open_flags(home: Home, severity: str | None, ref_area: str | None, brief: bool) -> pl.DataFrame:
    """The flags that nobody has decided about, the gravest first.

    Args:
        home: where releases lie.
        severity: only these.
        ref_area: only this area, by its code.
        brief: the columns for a terminal, with the message in the language in force.
    """
    columns = ", ".join((*FLAG_COLUMNS, f"message_{language()} as message")) if brief else "*"
    return ask(
        home,
        f"""
        select {columns} from marts.mart_quality_flag
        where disposition = 'open' and severity = coalesce(?, severity) and ref_area = coalesce(?, ref_area)
        order by
            case severity when 'error' then 1 when 'warning' then 2 else 3 end, ref_area, indicator, area_type,
            time_period, flag_id""",
        [severity, ref_area],
    )


def standing(home: Home, declarations: Mapping[str, Declaration]) -> Iterator[tuple[str, str]]:
    """How fresh the release in force is, and its counts, as labelled lines.

    Raises:
        WarehouseError: `release.none`.
    """
    manifest = current(home)
    if manifest is None:
        raise WarehouseError("release.none", home=home.root)
    fresh = up_to_date_release(home, declarations) is not None
    yield text("label.release"), manifest.release_id
    yield text("label.path"), str(home.releases / "current")
    yield text("label.created_at"), manifest.created_at
    yield text("label.freshness"), text("status.up_to_date" if fresh else "status.behind")
    for name, count in manifest.counts.items():
        yield text(f"count.{name}"), f"{count:,}"
    alert = _last_alert(home, manifest)
    if alert:
        yield text("label.last_failure"), f"{alert['time']} {alert['message']}"


def counts_line(manifest: Manifest) -> str:
    """The counts of a release in one line; the rejects stand last."""
    names = sorted(manifest.counts, key=lambda name: name == "rejected")
    return " · ".join(f"{text(f'count.{name}')} {manifest.counts[name]:,}" for name in names)


def _last_alert(home: Home, manifest: Manifest) -> dict[str, Any] | None:
    """The last failed run, if it came after the release."""
    if not home.alerts.exists():
        return None
    lines = home.alerts.read_text(encoding="utf-8").splitlines()
    alert: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return alert if alert and alert["time"] > manifest.created_at else None
