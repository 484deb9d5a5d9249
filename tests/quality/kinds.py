"""The kinds of errors that are planted, at their sizes, and what is asked of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.quality.planting import (
    Plant,
    blank,
    copied_forward,
    double_digit,
    drop_digit,
    grown,
    insert_digit,
    lasting_break,
    letter_for_digit,
    net_column,
    net_income,
    of_other_area,
    of_other_year,
    percent_as,
    percent_as_96,
    repeat_row,
    shift_rows,
    shift_years,
    swap_areas,
    swap_digits,
    swap_urban_rural,
    times,
    zero,
)


@dataclass(frozen=True)
class Kind:
    """One kind of error at one size, and what is asked of it.

    Attributes:
        name: what went wrong.
        size: how much.
        gross: whether at least 95 % must be found.
        suggests: whether what had been meant can be told, so that suggestions are counted.
        is_error: False for what looks strange and is right; it must not be called an error.
    """

    name: str
    size: str
    plant: Plant
    gross: bool = False
    suggests: bool = False
    is_error: bool = True


def _factors() -> Iterable[Kind]:
    for power in (1, -1, 2, -2, 4, -4, 8):
        sign = "×" if power > 0 else "÷"
        gross = abs(power) <= 4
        yield Kind(
            "wrong unit or moved point", f"{sign} 10^{abs(power)}", times(power), gross=gross, suggests=True
        )


KINDS = (
    *_factors(),
    Kind("digit inserted", "any digit", insert_digit, gross=True, suggests=True),
    Kind("digit inserted", "typed twice", double_digit, gross=True, suggests=True),
    Kind("digit dropped", "any digit", drop_digit, gross=True, suggests=True),
    Kind("digits swapped", "among the first three", swap_digits, suggests=True),
    Kind("letter for digit", "l O S B Z", letter_for_digit, suggests=True),
    Kind("percent sign misread", "96", percent_as_96, suggests=True),
    Kind("percent sign misread", "%o", percent_as("%o"), suggests=True),
    Kind("percent sign misread", "%0", percent_as("%0"), suggests=True),
    Kind("urban and rural swapped", "one area", swap_urban_rural, gross=True, suggests=True),
    Kind("two areas swapped", "any two", swap_areas, suggests=True),
    Kind("rows shifted", "5 rows", shift_rows(5), gross=True, suggests=True),
    Kind("rows shifted", "12 rows", shift_rows(12), gross=True, suggests=True),
    Kind("rows shifted", "31 rows", shift_rows(31), gross=True, suggests=True),
    Kind("columns shifted", "5 years", shift_years),
    Kind("figure of another year", "2 to 4 years off", of_other_year),
    Kind("figure of another area", "any area", of_other_area),
    Kind("copied forward", "one year", copied_forward),
    Kind("missing as 0", "one cell", zero, gross=True),
    Kind("row duplicated", "same value", repeat_row),
    Kind("net for disposable income", "one cell, - 5.7 %", net_income),
    Kind("net for disposable income", "whole column, - 5.7 %", net_column),
    Kind("value off", "× 1.1", grown("1.1")),
    Kind("value off", "× 1.3", grown("1.3")),
    Kind("value off", "× 2", grown("2")),
    Kind("lasting break", "× 1.25 for good", lasting_break, is_error=False),
    Kind("missing", "left blank", blank, is_error=False),
)
