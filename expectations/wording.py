"""The words of a rule's message as SQL over a failing row.

Here: what stands in place of a placeholder: evidence as it stands, amounts in the unit in which the cell was printed,
and phrases. Not here: the messages themselves (the rules), other texts for people (the message catalogue).
"""

import string
from collections.abc import Iterator

from expectations.diagnosis import SLIPS
from expectations.evidence import KINDS, Evidence

OBSERVATION = KINDS["observation"]

AMOUNTS = (
    "obs_value", "suggested_value", "expected_value", "expected_low", "expected_high", "min_value", "max_value",
    "previous_value", "next_value", "parent_value", "urban_value", "rural_value", "total_value", "identity_residual",
    "children_low", "children_high", "children_mean", "children_sum", "whole_value", "part_value", "containing_value",
    "residents", "registrants", "preceding_value",
)  # fmt: skip
"""Evidence in the unit of the observation, which people read in the unit that is printed."""

PHRASES = ("suggestion", "slip_words", "told_by")
"""What is said in words: the suggested value if there is one, what slip it was, what tells the expected value."""

VERDICT_COLUMNS = {
    **dict.fromkeys(("expected_low", "expected_high", "suggested_value"), "DOUBLE"),
    **dict.fromkeys(PHRASES, "VARCHAR"),
}
"""What a message may name besides the evidence, with its type."""

_UNIT = "if(coalesce(unit_text, unit_measure) = '%', '%', ' ' || coalesce(unit_text, unit_measure))"
# What is computed has a decimal more than is printed; what is printed or suggested stands as it is.
_AS_IT_STANDS = ("obs_value", "suggested_value", "preceding_value")


def message(template: str, language: str, about: Evidence = OBSERVATION) -> str:
    """SQL of a message with its placeholders filled; what is unknown shows as a dash.

    Args:
        template: the message of a rule.
        language: of its phrases, `en` or `zh`.
        about: what the rule looks at.
    """
    types = about.columns | VERDICT_COLUMNS
    parts = []
    for text, placeholder, spec in pieces(template):
        if text:
            parts.append(literal(text))
        if placeholder is not None:
            parts.append(f"coalesce({_filled(placeholder, types[placeholder], spec, language)}, '–')")
    return " || ".join(parts)


def declared(language: str) -> str:
    """SQL of the sentence by which a declared event answers a message."""
    before, after = {"en": (" Declared: ", "."), "zh": ("已申报：", "。")}[language]
    return f"{literal(before)} || declared_event_{language} || {literal(after)}"


def pieces(template: str) -> Iterator[tuple[str, str | None, str]]:
    """A message in parts: literal text, the placeholder after it (None at the end), its number format.

    Raises:
        ValueError: braces do not match.
    """
    for text, placeholder, spec, _ in string.Formatter().parse(template):
        yield text, placeholder, spec or ""


def literal(value: object) -> str:
    """A value as SQL writes it."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _filled(placeholder: str, type_: str, spec: str, language: str) -> str:
    if placeholder in PHRASES:
        return {"suggestion": _suggestion, "slip_words": _slip, "told_by": _told_by}[placeholder](language)
    if placeholder in AMOUNTS and not spec:
        return _amount(placeholder)
    shown = spec or (".10g" if type_ == "DOUBLE" else "")
    return f"format('{{:{shown}}}', {placeholder})"


def _amount(column: str) -> str:
    printed = f"{column} / coalesce(multiplier, 1)"
    if column not in _AS_IT_STANDS:
        printed = f"round({printed}, coalesce(printed_decimals, 0) + 1)"
    return f"format('{{:.12g}}', {printed}) || coalesce({_UNIT}, '')"


def _suggestion(language: str) -> str:
    words = {"en": "; suggested: ", "zh": "；建议值："}[language]
    return f"coalesce({literal(words)} || {_amount('suggested_value')}, '')"


def _slip(language: str) -> str:
    cases = " ".join(
        f"WHEN '{slip}' THEN {literal(getattr(words, language))}" for slip, words in SLIPS.items()
    )
    return f"CASE slip {cases} END"


def _told_by(language: str) -> str:
    words = {
        "en": ("the neighbouring years", "the other areas of that year"),
        "zh": ("前后年份", "同年其他地区"),
    }[language]
    bases = zip(("neighbours", "peers"), words, strict=True)
    cases = " ".join(f"WHEN '{basis}' THEN {literal(text)}" for basis, text in bases)
    return f"CASE expectation {cases} END"
