"""What follows from the log of decisions: which stand, and what becomes of each value that they are about.

Here: the law, as pure functions. Not here: the log (`review`), whether data still hold the value (`dbt_project/`).

A correction without evidence is a query to the reporter. Where a second person is asked for, nothing happens before one
confirms. A later decision on the same value takes the place of the earlier one. A value that was corrected may be
decided upon in its turn, under the flags that it raises itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from expectations.decision import Entry, Value
from expectations.errors import ExpectationError

State = Literal["decided", "pending", "queried", "withdrawn", "superseded"]
Outcome = Literal["accept", "correct", "reject", "pending", "queried"]


@dataclass(frozen=True)
class Standing:
    """A decision on a value and what became of it.

    Attributes:
        entry: the decision.
        confirmed: the confirmation by another account.
        ended: what withdrew it, or took its place.
    """

    entry: Entry
    confirmed: Entry | None = None
    ended: Entry | None = None

    @property
    def state(self) -> State:
        """How far it stands; only a decided one changes what is published."""
        decision = self.entry.decision
        if self.ended:
            return "withdrawn" if self.ended.decision.action == "withdraw" else "superseded"
        if decision.action == "correct" and decision.evidence is None:
            return "queried"
        return "pending" if decision.second_person and not self.confirmed else "decided"


@dataclass(frozen=True)
class Reviewed:
    """What is to be done with one value: `decided_value` takes its place where there is one.

    Nothing is done where a decision is `pending` or `queried`. `decisions` are the ids of those that the value is
    about: a correction, and what was decided on the corrected value.
    """

    value: Value
    outcome: Outcome
    decided_value: Decimal | None
    decisions: tuple[str, ...]


def standings(entries: Iterable[Entry]) -> list[Standing]:
    """The decisions on values in the order of the log, each with what became of it.

    Raises:
        ExpectationError: `review.about_nothing` when a line confirms or withdraws what is not there.
    """
    found: dict[str, Standing] = {}
    latest: dict[Value, str] = {}
    for entry in entries:
        decision = entry.decision
        if decision.about is not None:
            about = found.get(decision.about)
            if about is None:
                raise ExpectationError("review.about_nothing", line=entry.line, decision=decision.about)
            found[decision.about] = _told(about, entry)
            continue
        earlier = latest.get(decision.value)
        if earlier and not found[earlier].ended:
            found[earlier] = replace(found[earlier], ended=entry)
        latest[decision.value] = entry.decision_id
        found[entry.decision_id] = Standing(entry)
    return list(found.values())


def reviewed(standing: Sequence[Standing]) -> list[Reviewed]:
    """What is to be done with each value that a decision stands on."""
    latest = {one.entry.decision.value: one for one in standing if not one.ended}
    return [_followed(one, latest) for one in latest.values()]


def _told(about: Standing, entry: Entry) -> Standing:
    """Nobody is the second person of his own decision, and what has ended is not confirmed any more."""
    if about.ended:
        return about
    if entry.decision.action == "withdraw":
        return replace(about, ended=entry)
    return (
        replace(about, confirmed=entry) if entry.decision.account != about.entry.decision.account else about
    )


def _followed(one: Standing, latest: Mapping[Value, Standing]) -> Reviewed:
    """A corrected value may have been decided upon as well; a circle ends where it would begin anew."""
    value = one.entry.decision.value
    outcome, decided_value, passed = _outcome(one), None, {value: one.entry.decision_id}
    following: Standing | None = one
    while following and _outcome(following) == "correct":
        outcome, decided_value = "correct", following.entry.decision.decided_value
        assert decided_value is not None
        corrected = value.model_copy(update={"obs_value": digits(decided_value)})
        following = None if corrected in passed else latest.get(corrected)
        if following:
            passed[corrected] = following.entry.decision_id
            if following.state == "decided":
                outcome = _outcome(following)
    return Reviewed(value, outcome, decided_value, tuple(passed.values()))


def _outcome(one: Standing) -> Outcome:
    state, action = one.state, one.entry.decision.action
    if state == "pending" or state == "queried":
        return state
    return "accept" if action == "accept" else "reject" if action == "reject" else "correct"


def digits(value: float | Decimal) -> str:
    """A value as decisions name it: twelve significant digits."""
    return f"{float(value):.12g}"
