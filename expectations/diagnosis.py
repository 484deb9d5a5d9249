"""What slip would explain a failing value, and what would have been meant.

Here: the choice among the candidates that the evidence proposes, as SQL over a failing row. Not here: finding
candidates (`dbt_project/`), and putting one in place of a value, which only a person does.
"""

DIAGNOSES = {
    "transcription": "a slip of the hand or of the unit; candidates compete, see `suggested_value`",
    "another_concept": "the whole column is of another concept; no single value can be suggested",
    "imputed": "computed from its neighbours, not observed",
    "copied_row": "another row of the same file, written in its place",
    "copied_column": "another column of the same file, written in its place",
    "shifted_rows": "the whole column stands a row too high or too low",
    "shifted_column": "the whole column is another of the same file",
    "copied_forward": "the value of the year before, carried along",
    "foreign_currency": "US dollars under a heading of CNY",
    "misread": "damaged in scanning or copying; `misread_as` names how, `misread_candidate` undoes it",
}
"""The ways in which a rule may have its failures explained."""

TIE_LOG10 = 0.005
"""Two candidates are equally near when their distances to the expectation differ by less than this (1.2 %): half of
the least deviation that is counted as strange at all."""

TIE_PP = 0.25
"""The same for rates, in percentage points."""


def suggested_value(diagnosis: str | None) -> str:
    """SQL of the value that was probably meant, NULL where the evidence does not say which."""
    if diagnosis == "misread":
        return "misread_candidate"
    return (
        f"CASE {_choice('scale_candidate', 'digit_candidate')} END"
        if diagnosis == "transcription"
        else "NULL"
    )


def named(diagnosis: str | None) -> str:
    """SQL of the name of the slip: of the winning candidate, `ambiguous` in a tie, NULL where none is proposed."""
    if diagnosis == "misread":
        return "misread_as"
    if diagnosis != "transcription":
        return f"'{diagnosis}'" if diagnosis else "NULL"
    tie = "WHEN scale_candidate IS NOT NULL OR digit_candidate IS NOT NULL THEN 'ambiguous'"
    return f"CASE {_choice(_SCALE_NAME, 'digit_edit')} {tie} END"


# Hundreds and fewer are a slip of the decimal point; thousands and more are a unit (thousand, 万, 亿).
_SCALE_NAME = "CASE WHEN abs(scale_power) >= 3 THEN 'wrong_unit' ELSE 'shifted_decimal' END"


def _distance(candidate: str) -> str:
    return f"""CASE WHEN quantity = 'rate' THEN abs({candidate} - expected_value)
        WHEN {candidate} > 0 AND expected_value > 0 THEN abs(log10({candidate} / expected_value)) END"""


_TIE = f"CASE WHEN quantity = 'rate' THEN {TIE_PP} ELSE {TIE_LOG10} END"

# Moving the point keeps every digit and changes the number of decimals; taking a digit out does the reverse. So in a
# tie the moved point wins where it restores the decimals that the series is printed with and the edit does not. The
# edit never wins a tie: another digit of the same number would do nearly as well. That both arrive at one value proves
# nothing either, since to take out a last zero is to move the point.
_RESTORES_DECIMALS = """extra_decimals <> 0
    AND abs(scale_candidate / multiplier * pow(10, usual_decimals)
        - round(scale_candidate / multiplier * pow(10, usual_decimals))) < 1e-6"""


def _choice(scale: str, digit: str) -> str:
    """The branches of a CASE that yields `scale` or `digit`, whichever candidate is nearer to the expectation."""
    by_scale, by_digit = _distance("scale_candidate"), _distance("digit_candidate")
    return f"""
        WHEN ({by_digit}) IS NULL AND ({by_scale}) IS NOT NULL THEN {scale}
        WHEN ({by_scale}) IS NULL AND ({by_digit}) IS NOT NULL THEN {digit}
        WHEN ({by_digit}) - ({by_scale}) >= {_TIE} THEN {scale}
        WHEN ({by_scale}) - ({by_digit}) >= {_TIE} THEN {digit}
        WHEN {_RESTORES_DECIMALS} THEN {scale}"""
