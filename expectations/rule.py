"""What a rule is: an expectation on one measure of the evidence, with its scope, reason and wording.

Here: the fields of a rule and what must hold within one. Not here: reading the YAML files (`rulebook`), the SQL that
decides an outcome (`outcome`).
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from expectations.diagnosis import ANOTHER_CONCEPT, DIAGNOSES, MISREAD, SLIP
from expectations.evidence import JUMPS, KINDS, Evidence
from expectations.wording import pieces

Severity = Literal["error", "warning", "information"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
NOT_IN_SET = "expect_column_values_to_not_be_in_set"
NULL = "expect_column_values_to_be_null"
EXPECTATIONS = (BETWEEN, IN_SET, NOT_IN_SET, NULL)
"""Great Expectations' types that a rule may name. "Not null" is none of them: absence is not evaluable, no failure."""


class Strict(BaseModel):
    """A part of a rule; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in both languages."""

    en: Words
    zh: Words


class Expectation(Strict):
    """What is asked of the measure, in the terms of Great Expectations."""

    type: Words
    column: Words
    min_value: Number | None = None
    max_value: Number | None = None
    strict_min: bool = False
    strict_max: bool = False
    value_set: tuple[bool | int | float | str, ...] | None = None

    @model_validator(mode="after")
    def _check_arguments(self) -> Self:
        bounds = (self.min_value, self.max_value)
        if self.type == BETWEEN:
            if bounds == (None, None):
                raise ValueError("needs min_value, max_value or both")
            if None not in bounds and self.min_value > self.max_value:  # type: ignore[operator]
                raise ValueError("min_value lies above max_value")
        elif bounds != (None, None) or self.strict_min or self.strict_max:
            raise ValueError(f"bounds belong to {BETWEEN}")
        if (self.type in (IN_SET, NOT_IN_SET)) != bool(self.value_set):
            raise ValueError(f"value_set belongs to {IN_SET} and {NOT_IN_SET}, which need one")
        return self


class Rule(Strict):
    """One statement about an observation, and what follows where it does not hold.

    Attributes:
        name: `<column>_<property>`.
        catalogue: the entries of `catalogue.yml` that the rule carries out, alone or with others.
        judges: what it judges, a key of `evidence.KINDS`.
        where: SQL over the evidence, the rule's scope; unknown there makes the row not evaluable. None: every row.
        measure: SQL over the evidence that the expectation looks at; the column itself where absent.
        needs: columns without which the row is not evaluable, besides the measure. Where NULL is what is expected,
            they are all that tells "nothing found" from "could not be looked for", so at least one is named.
        value_at: SQL for the observation whose measure would equal `bound`; makes the expected range of a value.
        diagnosis: how a failing row is explained: `slip`, by the slip that the evidence tells, or a key of
            `diagnosis.DIAGNOSES`.
        reason: why the threshold is where it is.
        reference: the standard or publication behind it.
        validation_level: of the European Statistical System, 0 (file) to 5 (other institutions).
        message: what a person reads; `{column}` or `{column:.1f}` stands for evidence.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")]
    severity: Severity
    validation_level: Annotated[int, Field(ge=0, le=5, strict=True)]
    catalogue: tuple[Annotated[str, StringConstraints(pattern=r"^[A-G](0[1-9]|1[0-9])$")], ...] = ()
    judges: Literal["observation", "unreadable"] = "observation"
    description: Text
    reason: Words
    reference: Words
    where: Words | None = None
    expect: Expectation
    measure: Words | None = None
    needs: tuple[str, ...] = ()
    value_at: Words | None = None
    diagnosis: str | None = None
    message: Text

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        if not self.name.startswith(f"{self.expect.column}_"):
            raise ValueError(f"name must begin with its column, {self.expect.column}_")
        if self.expect.type == NULL and not self.needs:
            raise ValueError("needs must name what the search for the measure depends on")
        if self.value_at and self.expect.type != BETWEEN:
            raise ValueError(f"value_at belongs to {BETWEEN}")
        if self.diagnosis not in (None, SLIP, MISREAD, *DIAGNOSES):
            raise ValueError(f"diagnosis must be one of {', '.join((SLIP, MISREAD, *DIAGNOSES))}")
        if self.judges == "unreadable" and self.severity != "error":
            raise ValueError("a cell without a number is loaded in no case, so the severity must be error")
        return self

    @property
    def evidence(self) -> Evidence:
        """What it looks at."""
        return KINDS[self.judges]

    @property
    def asks_about_a_jump(self) -> bool:
        """Whether a declared event answers it: it finds that values moved, and not by what mistake."""
        return self.expect.column in JUMPS and self.diagnosis in (None, SLIP, ANOTHER_CONCEPT)

    @property
    def parameters(self) -> str:
        """What is expected of the measure, in one line."""
        expect = self.expect
        if expect.value_set is not None:
            values = ", ".join(str(value).lower() for value in expect.value_set)
            return f"not {values}" if expect.type == NOT_IN_SET else values
        low = (
            None if expect.min_value is None else f"{'>' if expect.strict_min else '≥'} {expect.min_value:g}"
        )
        high = (
            None if expect.max_value is None else f"{'<' if expect.strict_max else '≤'} {expect.max_value:g}"
        )
        return " and ".join(filter(None, (low, high))) or "none"

    @property
    def measured(self) -> str:
        """SQL of what the expectation looks at."""
        return self.measure or self.expect.column

    def columns(self) -> Iterator[tuple[str, str]]:
        """Every column named outside SQL, with the field that names it."""
        yield "expect.column", self.expect.column
        for column in self.needs:
            yield "needs", column
        for language in ("en", "zh"):
            for _, placeholder, _ in pieces(getattr(self.message, language)):
                if placeholder is not None:
                    yield f"message.{language}", placeholder
