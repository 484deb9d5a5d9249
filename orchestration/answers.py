"""What a release answers: any query, the open flags, its own standing. Read-only, and only what is published.

Here: the questions of the command line. Not here: opening a release (`warehouse/query.py`), how answers look.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.due import up_to_date_release
from orchestration.messages import text
from sources.declared.source import Declaration
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.manifest import Manifest, current, current_id, read_manifest, release_folders

if TYPE_CHECKING:
    import polars as pl


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
        release: the id of a release, or `candidate` for what was derived last; the one in force when None.
        as_of: show what was known on that day.

    Raises:
        WarehouseError: one of `release.*` or `candidate.*` when it cannot be read, one of `sql.*` when the query
            cannot be answered.
    """
    from warehouse.query import CANDIDATE, open_candidate, open_release, run

    if release != CANDIDATE:
        with open_release(home, release, as_of) as connection:
            return run(connection, sql, parameters)
    if as_of is not None:
        raise WarehouseError("candidate.as_of")
    with open_candidate(home) as connection:
        return run(connection, sql, parameters)


def released_decisions(home: Home) -> list[str]:
    """The ids of the decisions that the release in force tells of; none where there is no release to be read."""
    with suppress(WarehouseError):
        if current_id(home):
            return list(ask(home, "select decision_id from marts.mart_review")["decision_id"])
    return []


PROBLEMS = "quality/problems.html"
# The counts of a release that ask somebody for an answer.
OPEN = ("flags_error", "flags_warning", "rejected", "missing")
# What `open_flags` adds for the report; other formats give the columns of the relation.
FOR_READING = ("plausible_low", "plausible_high", "indicator_name_en", "indicator_name_zh")


def open_flags(
    home: Home, severity: str | None = None, ref_area: str | None = None, release: str | None = None
) -> pl.DataFrame:
    """The undecided flags, those that were asked about or wait for a second person among them.

    Values with the gravest flag come first, the flags of one value together.

    `plausible_low` and `plausible_high` bound what every rule would let pass, the rules left out by `severity` as well;
    where nothing would pass them all, what the rule of the flag would.
    They and the names of the indicator stand beside the columns of `mart_quality_flag`, see `FOR_READING`.

    Args:
        home: where releases lie.
        severity: only these.
        ref_area: only this area, by its code or its whole name of today.
        release: as in `ask`.

    Raises:
        WarehouseError: `flags.unknown_area`, `flags.several_areas`, besides those of `ask`.
    """
    if ref_area is not None:
        ref_area = _area(home, ref_area, release)
    return ask(
        home,
        """
        with ranked as (
            select flag.*, indicator.name_en as indicator_name_en, indicator.name_zh as indicator_name_zh,
                list_position(['error', 'warning', 'information'], severity) as gravity,
                max(expected_low) over value as highest_low,
                min(expected_high) over value as lowest_high
            from marts.mart_quality_flag as flag
            inner join marts.dim_indicator as indicator using (indicator)
            where disposition in ('open', 'pending', 'queried')
            window value as (partition by ref_area, time_period, indicator, area_type, source, obs_value)
        )
        select * exclude (gravity, highest_low, lowest_high),
            if(highest_low > lowest_high, expected_low, highest_low) as plausible_low,
            if(highest_low > lowest_high, expected_high, lowest_high) as plausible_high
        from ranked
        where severity = coalesce(?, severity) and ref_area = coalesce(?, ref_area)
        order by
            min(gravity) over (partition by ref_area, time_period, indicator, area_type, source, obs_value),
            ref_area, indicator, area_type, time_period, source, obs_value, gravity, flag_id""",
        [severity, ref_area],
        release,
    )


def _area(home: Home, said: str, release: str | None) -> str:
    """The code of an area that is said by its code or by a name that is its alone."""
    named = """
        select distinct ref_area from marts.dim_ref_area
        where ref_area = $1 or (valid_to is null and lower($1) in (name_zh, lower(name_en))) order by ref_area"""
    codes = ask(home, named, [said], release)["ref_area"].to_list()
    if not codes:
        raise WarehouseError("flags.unknown_area", ref_area=said)
    if len(codes) > 1:
        raise WarehouseError("flags.several_areas", ref_area=said, known=", ".join(codes))
    return str(codes[0])


def standing(home: Home, declarations: Mapping[str, Declaration]) -> Iterator[tuple[str, str]]:
    """How fresh the release in force is, and its counts, as labelled lines.

    Raises:
        WarehouseError: `release.none`, `release.damaged`.
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


def problem_page(home: Home, manifest: Manifest) -> Path | None:
    """The page of what is open in a release, if anything is and the release has pages."""
    is_open = any(manifest.counts.get(name) for name in OPEN)
    return home.releases / manifest.release_id / PROBLEMS if is_open and PROBLEMS in manifest.files else None


def list_of_releases(home: Home) -> Iterator[tuple[Sequence[str | None], WarehouseError | None]]:
    """The releases, the newest first, each as a row for people, with what is wrong if its manifest is damaged.

    A row is id, time of creation, previous release, observations, flags, state.
    """
    in_force = current_id(home)
    for folder in release_folders(home):
        state = [text("release.in_force")] if folder.name == in_force else []
        try:
            one = read_manifest(folder)
        except WarehouseError as error:
            state.append(text("release.unusable"))
            yield (folder.name, None, None, None, None, ", ".join(state)), error
            continue
        observations = f"{one.counts.get('observations', 0):,}"
        flags = f"{sum(count for name, count in one.counts.items() if name.startswith('flags_')):,}"
        yield (
            (one.release_id, one.created_at, one.previous_release_id, observations, flags, ", ".join(state)),
            None,
        )


def _last_alert(home: Home, manifest: Manifest) -> dict[str, Any] | None:
    """The last failed run that can be read, if it came after the release; a power cut may tear a line."""
    if not home.alerts.exists():
        return None
    for line in reversed(home.alerts.read_text(encoding="utf-8", errors="replace").splitlines()):
        with suppress(ValueError):
            alert = json.loads(line)
            if isinstance(alert, dict) and {"time", "message"} <= alert.keys():
                return alert if str(alert["time"]) > manifest.created_at else None
    return None
