"""The verdicts of a rule on single rows as SQL: how grave a failure is, how sure, and what a person is told.

Here: text only, as in `outcome`, and the one place where a declared event makes a failure information. Not here:
running it and counting (`verdict`), the parts of a message (`wording`).
"""

from typing import Literal

from expectations.diagnosis import SLIP, SURE, named, suggested_value
from expectations.outcome import FAIL, NOT_EVALUABLE, expected_range, outcome
from expectations.rule import Rule, Severity
from expectations.wording import declared, message

EXPLAINED: Severity = "information"
"""The severity of a failure that a declared event explains: told with its reason, and asked about no more."""


def failing(rule: Rule) -> str:
    """SQL that writes the verdicts of the rows that a rule does not let pass."""
    low, high = expected_range(rule)
    return f"""INSERT INTO quality.verdict
        WITH failing AS (
            SELECT *, {low} AS expected_low, {high} AS expected_high,
                {suggested_value(rule.diagnosis)} AS suggested_value, {_explained(rule)} AS explained
            FROM {rule.evidence.relation} WHERE ({outcome(rule)}) = '{FAIL}'
        )
        SELECT cell_id, '{rule.name}', '{FAIL}', if(explained, '{EXPLAINED}', '{rule.severity}'),
            expected_low, expected_high, suggested_value, {named(rule.diagnosis)}, {_confidence(rule)},
            {_told(rule, "en")}, {_told(rule, "zh")}
        FROM failing"""


def _explained(rule: Rule) -> str:
    """Whether a declared event explains a failure; a slip that explains the very value goes before it."""
    return "declared_event_en IS NOT NULL AND slip IS NULL" if rule.asks_about_a_jump else "FALSE"


def _told(rule: Rule, language: Literal["en", "zh"]) -> str:
    said = message(getattr(rule.message, language), language, rule.evidence)
    return f"{said} || if(explained, {declared(language)}, '')" if rule.asks_about_a_jump else said


def not_evaluable(rule: Rule) -> str:
    """SQL that writes the verdicts of the rows of which a rule can say nothing."""
    return f"""INSERT INTO quality.verdict (cell_id, rule, outcome, severity)
        SELECT cell_id, '{rule.name}', '{NOT_EVALUABLE}', '{rule.severity}'
        FROM {rule.evidence.relation} WHERE ({outcome(rule)}) = '{NOT_EVALUABLE}'"""


def _confidence(rule: Rule) -> str:
    """How sure it is that the value is wrong.

    Of a suggestion it says how sure that is. High: it cannot be true, or nothing else can have been meant. Medium: an
    error of which it cannot be told what was meant, or more than eight robust standard deviations from its
    expectation. Low: no more than unusual, or explained by a declared event.
    """
    if rule.severity == "error" and rule.diagnosis is None:
        return "if(explained, 'low', 'high')"
    unexplained = "'medium'" if rule.severity == "error" else "if(abs(deviation_z) > 8, 'medium', 'low')"
    sure = f"slip_share >= {SURE}" if rule.diagnosis == SLIP else "TRUE"
    return f"""CASE WHEN explained THEN 'low' WHEN suggested_value IS NULL THEN {unexplained}
            WHEN {sure} THEN 'high' ELSE 'medium' END"""
