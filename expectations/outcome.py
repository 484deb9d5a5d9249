"""The SQL of a rule: its outcome for a row, the range it expects, the words of its message.

Here: text only, put together from rules that have been checked. Not here: running it (`verdict`), and the same
decision by Great Expectations (`suite`), which must come to the same count.
"""

import re

from expectations.rule import BETWEEN, IN_SET, NULL, VERDICT_COLUMNS, Expectation, Rule, pieces

PASS, FAIL, NOT_EVALUABLE, NOT_IN_SCOPE = "pass", "fail", "not_evaluable", "not_in_scope"


def outcome(rule: Rule) -> str:
    """`pass`, `fail`, `not_evaluable` or `not_in_scope`; what cannot be told never passes."""
    scope = f"WHEN NOT ({rule.where}) THEN '{NOT_IN_SCOPE}'" if rule.where else ""
    return f"""CASE {scope} WHEN NOT ({evaluable(rule)}) THEN '{NOT_EVALUABLE}'
        WHEN {_holds(rule.expect, rule.measured)} THEN '{PASS}' ELSE '{FAIL}' END"""


def evaluable(rule: Rule) -> str:
    """Whether a row is in scope and all that the rule needs is known."""
    known = [f"{column} IS NOT NULL" for column in rule.needs]
    if rule.expect.type != NULL:
        known.append(f"({rule.measured}) IS NOT NULL")
    scope = [f"({rule.where}) IS TRUE"] if rule.where else []
    return " AND ".join([*scope, *known])


def looked_at(rule: Rule) -> str:
    """The measure where the rule is evaluable, else NULL, which every expectation of ours leaves alone."""
    return f"CASE WHEN {evaluable(rule)} THEN {rule.measured} END"


def _holds(expect: Expectation, measure: str) -> str:
    if expect.type == NULL:
        return f"({measure}) IS NULL"
    if expect.type == BETWEEN:
        low = f"({measure}) {'>' if expect.strict_min else '>='} {expect.min_value!r}"
        high = f"({measure}) {'<' if expect.strict_max else '<='} {expect.max_value!r}"
        bounds = ((low, expect.min_value), (high, expect.max_value))
        return " AND ".join(test for test, bound in bounds if bound is not None)
    values = ", ".join(literal(value) for value in expect.value_set or ())
    return f"({measure}) {'IN' if expect.type == IN_SET else 'NOT IN'} ({values})"


def expected_range(rule: Rule) -> tuple[str, str]:
    """SQL of the least and the greatest value that the rule would have let pass; NULL where it sets none.

    A measure may fall as the value rises (a ratio, seen from its denominator), so the values at the two bounds are
    put in order; of a single bound the value itself tells on which side of it it should have been.
    """
    if rule.value_at is None:
        return "NULL", "NULL"
    bounds = [bound for bound in (rule.expect.min_value, rule.expect.max_value) if bound is not None]
    values = [re.sub(r"\bbound\b", repr(bound), f"({rule.value_at})") for bound in bounds]
    if len(values) == 2:
        return f"least({values[0]}, {values[1]})", f"greatest({values[0]}, {values[1]})"
    (value,) = values
    return (
        f"CASE WHEN obs_value < {value} THEN {value} END",
        f"CASE WHEN obs_value >= {value} THEN {value} END",
    )


def message(rule: Rule, template: str) -> str:
    """SQL of a message of the rule with its placeholders filled; what is unknown shows as a dash."""
    types = rule.evidence.columns | VERDICT_COLUMNS
    parts = []
    for text, placeholder, spec in pieces(template):
        if text:
            parts.append(literal(text))
        if placeholder is not None:
            shown = spec or (".10g" if types[placeholder] == "DOUBLE" else "")
            parts.append(f"coalesce(format('{{:{shown}}}', {placeholder}), '–')")
    return " || ".join(parts)


def literal(value: object) -> str:
    """A value as SQL writes it."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
