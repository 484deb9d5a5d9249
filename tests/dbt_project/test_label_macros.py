"""How printed labels, units and footnote signs are compared, in DuckDB as the models do it."""

from collections.abc import Callable

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

Macro = Callable[..., str]
CONNECTION = duckdb.connect()
SIGNS = ("①", "②", "*", "＊", "†", "¹", "²", "[1]", "［2］", "【注1】", "注1", "⑴")


def scalar(expression: str, text: str) -> object:
    row = CONNECTION.execute(f"select {expression} from (select $text as text)", {"text": text}).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(("before", "after"), [("", ""), (" ", " ")])
def test_a_footnote_sign_is_no_part_of_a_label(macro: Macro, sign: str, before: str, after: str) -> None:
    assert scalar(macro("plain_label", "text"), f"年末 常住人口{before}{sign}{after}") == "年末常住人口"


@pytest.mark.parametrize("sign", SIGNS)
def test_a_footnote_sign_is_no_part_of_a_number_and_is_kept_apart(macro: Macro, sign: str) -> None:
    assert float(str(scalar(macro("printed_number", "text"), f"1,234.5 {sign}"))) == 1234.5
    assert scalar(macro("marks_of", "text"), f"1,234.5{sign}") == [scalar(macro("plain_mark", "text"), sign)]


@pytest.mark.parametrize(
    ("printed", "marks"),
    [
        ("123①②", ["①", "②"]), ("123① ②", ["①", "②"]), ("123 ［注 1］＊", ["[注1]", "*"]), ("123", []), ("①", []),
    ],
)  # fmt: skip
def test_every_sign_behind_a_number_is_kept_in_half_width(
    macro: Macro, printed: str, marks: list[str]
) -> None:
    assert scalar(macro("marks_of", "text"), printed) == marks
    if marks:
        assert float(str(scalar(macro("printed_number", "text"), printed))) == 123


@pytest.mark.parametrize("text", ["①", "*", "#", "(123)", "12(3)", "1.2.3", "12a", "注", "1 23"])
def test_what_is_no_number_stays_none(macro: Macro, text: str) -> None:
    assert scalar(macro("printed_number", "text"), text) is None


@pytest.mark.parametrize(
    ("printed", "compared"),
    [
        ("万元", "万元"), ("（万元）", "万元"), ("单位：万元", "万元"), ("单位:  万 元", "万元"),
        ("計量單位：萬元", "萬元"),
        ("(%)", "%"), ("％", "%"), ("Unit: cny", "cny"), ("mW", "mW"), ("元/人", "元/人"), ("比例(0-1)", "比例(0-1)"),
    ],
)  # fmt: skip
def test_a_unit_is_compared_by_what_it_says(macro: Macro, printed: str, compared: str) -> None:
    assert scalar(macro("plain_unit", "text"), printed) == compared


@given(
    number=st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False),
    sign=st.sampled_from(SIGNS),
)
def test_a_sign_never_changes_a_number(macro: Macro, number: object, sign: str) -> None:
    expression = macro("printed_number", "text")
    assert scalar(expression, f"{number}{sign}") == scalar(expression, f"{number}")
