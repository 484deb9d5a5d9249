"""What a decision says: one line of the log in `reviews/`.

Here: the words of a line. Not here: how lines are kept (`review`), what follows from them (`standing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Action = Literal["accept", "correct", "reject", "confirm", "withdraw"]
"""The first three are about a value; `confirm` and `withdraw` are about a decision."""

GENESIS = "0" * 64
"""What the first line has in place of the digest of the line before."""


class Value(BaseModel):
    """The one value that a decision applies to, across vintages and rules: the key, and the value itself.

    `obs_value` has twelve significant digits, as digests do, in the unit of the indicator.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ref_area: str
    freq: str
    time_period: str
    accumulation: str
    indicator: str
    area_type: str
    source: str
    definition: str
    obs_value: str


class Flag(BaseModel):
    """A flag on the value as the reviewer saw it: once the value is out or corrected, no rule raises it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flag_id: str
    rule: str
    severity: str
    expected_low: float | None
    expected_high: float | None
    suggested_value: float | None
    diagnosis: str | None
    confidence: str | None
    message_en: str
    message_zh: str


class Evidence(BaseModel):
    """A file that was shown: its bytes are kept by their digest, its name is what it was called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    name: str


class Decision(BaseModel):
    """One line of the log.

    Attributes:
        action: what was decided.
        flag_id: the flag that was decided on.
        about: the id of the decision that is confirmed or withdrawn; None where a value is decided on.
        value: the value that the decision applies to.
        unit_measure: the unit of the value and of the decided value.
        raw_text: what stood in the cell, letter by letter.
        unit_text: the unit that was printed with it, where the file states one.
        place: file, sheet and cell in which it stood.
        vintage: of the row that was looked at.
        ref_year: its reference year.
        flags: all flags on the value, as they were seen.
        decided_value: what the value is corrected to, as an exact decimal.
        reason: the reviewer's words.
        evidence: of a correction, from the reporting unit; without it nothing is corrected.
        second_person: whether another account must confirm it, by the settings in force when it was taken.
        account: who decided.
        login: the account of the operating system, which may be one that several people share.
        decided_at: UTC, ISO 8601.
        release_id: the release in which the flag was looked at.
        previous: sha-256 of the line before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action
    flag_id: str
    about: str | None = None
    value: Value
    unit_measure: str
    raw_text: str
    unit_text: str | None
    place: tuple[str | None, str | None, str | None]
    vintage: str
    ref_year: int
    flags: tuple[Flag, ...] = ()
    decided_value: Decimal | None = None
    reason: str
    evidence: Evidence | None = None
    second_person: bool = False
    account: str
    login: str
    decided_at: datetime
    release_id: str
    previous: str = GENESIS

    @model_validator(mode="after")
    def _says_what_its_action_asks_for(self) -> Self:
        if (self.about is not None) != (self.action in ("confirm", "withdraw")):
            raise ValueError("confirm and withdraw are about another decision, nothing else is")
        if (self.decided_value is not None) != (self.action == "correct"):
            raise ValueError("correct has a decided value, nothing else has")
        return self


@dataclass(frozen=True)
class Entry:
    """A decision with its place in the log; `decision_id` is the beginning of its line's digest."""

    line: int
    sha256: str
    decision: Decision

    @property
    def decision_id(self) -> str:
        """16 hexadecimal digits."""
        return self.sha256[:16]
