"""Deciding on a flag: which value it is about, whether the decision can be taken, and what follows from it.

Here: what is asked of a reviewer. Not here: the log (`expectations/review.py`), what follows from it
(`expectations/standing.py`), options (`cli_review.py`), what a value may be typed as (`typed_value.py`).
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations.decision import Action, Decision, Entry, Evidence, Flag, Value
from expectations.review import ReviewLog
from expectations.standing import Standing, digits, standings
from orchestration.answers import ask
from orchestration.errors import OrchestrationError
from orchestration.presentation import printable
from orchestration.query_sheet import write_query_sheet
from orchestration.typed_value import check_possible, parse
from warehouse.archive import digest_of, store
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.manifest import current_id
from warehouse.query import CANDIDATE
from warehouse.settings import load_settings

ID = re.compile(r"[0-9a-f]{4,16}")
ABOUT_VALUES: tuple[Action, ...] = ("accept", "correct", "reject")
KEY = ("ref_area", "freq", "time_period", "accumulation", "indicator", "area_type", "source", "definition")
NAME_BYTES = 200


@dataclass(frozen=True)
class Asked:
    """What a reviewer typed."""

    flag_id: str
    action: Action
    reason: str
    value: str | None = None
    evidence: Path | None = None


@dataclass(frozen=True)
class Taken:
    """A decision that now stands in the log.

    Attributes:
        entry: its line.
        about: the decision on a value, which for a confirmation or a withdrawal is an earlier one.
        subject: the flag as it was looked at; empty where none was.
        query_sheet: what the reporter is to fill in.
    """

    entry: Entry
    about: Standing
    subject: Mapping[str, Any]
    query_sheet: Path | None = None


def take(home: Home, asked: Asked) -> Taken:
    """Write a decision to the log, if it can be taken.

    Raises:
        OrchestrationError: `review.*`, naming what is missing or in the way; nothing is written then.
        ExpectationError: the log is damaged or cannot be written.
    """
    reason = printable(" ".join(asked.reason.split()))
    if not reason:
        raise OrchestrationError("review.no_reason")
    if not ID.fullmatch(asked.flag_id):
        raise OrchestrationError("review.no_flag_id", flag=asked.flag_id)
    account, login = _account(home)
    signed = {"reason": reason, "account": account, "login": login}
    if asked.action in ABOUT_VALUES:
        return _about_value(home, asked, signed)
    return _about_decision(home, asked, signed)


def _about_value(home: Home, asked: Asked, signed: Mapping[str, str]) -> Taken:
    flags, release_id = _flags(home, asked.flag_id)
    first = next(flag for flag in flags if flag["flag_id"].startswith(asked.flag_id))
    if first["disposition"] == "superseded":
        raise OrchestrationError("review.superseded", flag=first["flag_id"])
    decided_value = None
    if asked.action == "correct":
        decided_value = parse(asked.value, first["unit_measure"], _printed(first))
        check_possible(decided_value, first)
    elif asked.value is not None:
        raise OrchestrationError("review.value_not_wanted", action=asked.action)
    evidence = _looked_at(asked.evidence) if asked.evidence else None
    value = Value(obs_value=digits(first["obs_value"]), **{name: first[name] for name in KEY})
    draft = Decision.model_validate({
        **{name: first.get(name) for name in ("flag_id", "unit_measure", "raw_text", "unit_text", "ref_year")},
        **signed,
        "action": asked.action,
        "value": value,
        "place": (first["file_name"], first["sheet"], first["cell"]),
        "vintage": first["vintage"].isoformat(),
        "flags": [{name: flag[name] for name in Flag.model_fields} for flag in flags],
        "decided_value": decided_value,
        "evidence": evidence,
        "second_person": load_settings(home).approval.second_person,
        "decided_at": datetime.now(UTC).replace(microsecond=0),
        "release_id": release_id,
    })  # fmt: skip
    log, sheet = ReviewLog(home.reviews), None
    with log.writing() as entries:
        _refuse_decided(standings(entries), draft)
        if asked.evidence and evidence and store(log.evidence, asked.evidence) != evidence.sha256:
            raise OrchestrationError("review.evidence_changed", file=asked.evidence)
        if draft.action == "correct" and not evidence:
            sheet = write_query_sheet(home.reviews / "queries", first, flags, draft)
        entry = log.append(draft, entries)
    return Taken(entry, Standing(entry), first, sheet)


def _about_decision(home: Home, asked: Asked, signed: Mapping[str, str]) -> Taken:
    """A confirmation or a withdrawal: the log alone says of what, since the data may hold the value no more."""
    if asked.value is not None or asked.evidence is not None:
        raise OrchestrationError("review.value_not_wanted", action=asked.action)
    log = ReviewLog(home.reviews)
    with log.writing() as entries:
        standing = [one for one in standings(entries) if not one.ended and _is_meant(one, asked.flag_id)]
        if not standing:
            raise OrchestrationError("review.nothing_to_end", flag=asked.flag_id, action=asked.action)
        if len(standing) > 1:
            found = ", ".join(one.entry.decision.flag_id for one in standing)
            raise OrchestrationError("review.ambiguous", flag=asked.flag_id, found=found)
        about = standing[0]
        decision = about.entry.decision
        if asked.action == "confirm" and about.state != "pending":
            raise OrchestrationError("review.nothing_to_confirm", flag=decision.flag_id)
        if asked.action == "confirm" and decision.account == signed["account"]:
            raise OrchestrationError("review.same_account", account=decision.account, flag=decision.flag_id)
        entry = log.append(
            decision.model_copy(
                update={**signed, "action": asked.action, "about": about.entry.decision_id, "flags": (),
                        "decided_value": None, "evidence": None, "second_person": False,
                        "decided_at": datetime.now(UTC).replace(microsecond=0)}
            ),
            entries,
        )  # fmt: skip
    return Taken(entry, about, {})


def _flags(home: Home, flag_id: str) -> tuple[list[dict[str, Any]], str]:
    """All flags on the value of that flag, in the release in force or in what was derived last, and which that is."""
    if current_id(home) and (known := _full_id(home, flag_id, None)):
        return _on_value(home, known, None)
    with suppress(WarehouseError):  # where nothing was derived since, there is no more to look at
        if known := _full_id(home, flag_id, CANDIDATE):
            return _on_value(home, known, CANDIDATE)
    raise OrchestrationError("review.unknown_flag", flag=flag_id)


def _full_id(home: Home, flag_id: str, release: str | None) -> str | None:
    query = "select flag_id from marts.mart_quality_flag where starts_with(flag_id, ?) order by 1 limit 5"
    known = ask(home, query, [flag_id], release)["flag_id"].to_list()
    if len(known) > 1:
        raise OrchestrationError("review.ambiguous", flag=flag_id, found=", ".join(known))
    return known[0] if known else None


def _on_value(home: Home, flag_id: str, release: str | None) -> tuple[list[dict[str, Any]], str]:
    same = " and ".join(f"flag.{name} = asked.{name}" for name in (*KEY, "obs_value"))
    flags = ask(
        home,
        f"""
        select
            flag.*, indicator.name_en as indicator_name_en, indicator.name_zh as indicator_name_zh,
            indicator.min_value, indicator.max_value, release_info.release_id
        from marts.mart_quality_flag as flag
        inner join marts.mart_quality_flag as asked on asked.flag_id = ? and {same}
        inner join marts.dim_indicator as indicator on flag.indicator = indicator.indicator
        cross join marts.release_info as release_info
        order by list_position(['error', 'warning', 'information'], flag.severity), flag.flag_id""",
        [flag_id],
        release,
    ).to_dicts()
    if not flags:
        raise OrchestrationError("review.unreadable", flag=flag_id)
    return flags, str(flags[0]["release_id"])


def _printed(flag: Mapping[str, Any]) -> tuple[str, float] | None:
    return (flag["unit_text"], flag["unit_multiplier"]) if flag["unit_text"] else None


def _refuse_decided(standing: Sequence[Standing], draft: Decision) -> None:
    """One decision on a value at a time; a query may be followed by a decision, since that is what it was for."""
    earlier = next(
        (one for one in standing if not one.ended and one.entry.decision.value == draft.value), None
    )
    if earlier is None:
        return
    before = earlier.entry.decision
    told = {"flag": draft.flag_id, "account": before.account, "time": f"{before.decided_at:%Y-%m-%d %H:%M}"}
    if earlier.state == "decided":
        raise OrchestrationError("review.already_decided", decided=before.action, **told)
    if earlier.state == "pending":
        raise OrchestrationError("review.already_pending", decided=before.action, **told)
    if draft.action == "correct" and draft.evidence is None:
        raise OrchestrationError("review.already_queried", **told)


def _is_meant(one: Standing, prefix: str) -> bool:
    decision = one.entry.decision
    known = {decision.flag_id, one.entry.decision_id, *(flag.flag_id for flag in decision.flags)}
    return any(name.startswith(prefix) for name in known)


def _looked_at(path: Path) -> Evidence:
    try:
        sha256, size = digest_of(path), path.stat().st_size
    except OSError as error:
        raise OrchestrationError(
            "review.evidence_unreadable", file=path, problem=error.strerror or str(error)
        ) from error
    if not size:
        raise OrchestrationError("review.evidence_empty", file=path)
    name = printable(path.name).encode("utf-8", "replace")[-NAME_BYTES:].decode("utf-8", "ignore")
    return Evidence(sha256=sha256, name=name)


def _account(home: Home) -> tuple[str, str]:
    """Who decides, and the account of the operating system."""
    try:
        login = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that has no name
        login = str(os.getuid())
    if not load_settings(home).approval.shared_login:
        return login, login
    named = printable(os.environ.get("TONGJI_ACCOUNT", "").strip())
    if not named:
        raise OrchestrationError("review.no_account")
    return named, login
