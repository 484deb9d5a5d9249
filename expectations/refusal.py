"""What is said of a rule that breaks its own terms: which field, what stands there, what to write in its place.

Here: the choice of the sentence by the kind of mistake. Not here: finding mistakes (`rule`), the file and line in which
one stands (`rulebook`).
"""

from pathlib import Path

from pydantic_core import ErrorDetails

from expectations.errors import ExpectationError
from expectations.rule import Expectation, Rule, Strict, Text

_PARTS: dict[str, type[Strict]] = {"expect": Expectation, "description": Text, "message": Text}
_NUMBERS = ("float_type", "finite_number", "int_type", "int_from_float")
_BOUNDS = ("less_than_equal", "greater_than_equal")


def refusal(file: Path, line: int, rule: object, found: ErrorDetails) -> ExpectationError:
    """The error that tells a mistake which pydantic found.

    Args:
        file: where the rule stands.
        line: of the field, or of what it belongs to where it is absent.
        rule: its name as written.
        found: the mistake.
    """
    path = [str(step) for step in found["loc"]]
    place = {"file": file, "line": line, "rule": rule, "field": ".".join(path) or "rule"}
    kind, written = found["type"], found.get("input")
    if kind == "missing":
        return ExpectationError("rule.missing_field", **place)
    if kind == "string_too_short":
        return ExpectationError("rule.empty_field", **place)
    if kind == "extra_forbidden":
        part: type[Strict] = _PARTS.get(path[0], Rule) if len(path) > 1 else Rule
        return ExpectationError("rule.unknown_field", **place, known=", ".join(part.model_fields))
    if kind == "literal_error":
        known = str(found["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return ExpectationError("rule.not_one_of", **place, written=written, known=known)
    if path[0:1] == ["validation_level"] and kind in _NUMBERS + _BOUNDS:
        return ExpectationError("rule.not_a_level", **place, written=written)
    if kind in _NUMBERS:
        return ExpectationError("rule.not_a_number", **place, written=written)
    problem = found["msg"].removeprefix("Value error, ")
    return ExpectationError("rule.invalid", **place, problem=problem)
