"""How printed texts become numbers and numbers become published ones, in DuckDB as the models do it."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

Macro = Callable[..., str]
CONNECTION = duckdb.connect()
MONEY = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(200000), places=2)


def scalar(expression: str, **values: object) -> object:
    row = CONNECTION.execute(f"select {expression}", values).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("value", "places", "published"),
    [("2.675", 2, 2.68), ("2.665", 2, 2.67), ("-2.675", 2, -2.68), ("18.49", 1, 18.5), ("0.05", 1, 0.1)],
)
def test_a_decimal_is_rounded_half_up_and_not_as_its_binary_fraction(
    macro: Macro, value: str, places: int, published: float
) -> None:
    assert scalar(macro("half_up_to", f"{value}::decimal(38, 15)", places)) == published


@given(value=st.decimals(min_value=-100, max_value=100, places=4), places=st.integers(0, 4))
def test_rounding_agrees_with_decimal_arithmetic(macro: Macro, value: Decimal, places: int) -> None:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert scalar(macro("half_up_to", f"{value:f}::decimal(38, 15)", places)) == float(rounded)


@settings(max_examples=300)
@given(numerator=MONEY, denominator=MONEY)
def test_a_ratio_is_rounded_on_its_exact_quotient(
    macro: Macro, numerator: Decimal, denominator: Decimal
) -> None:
    # Exact: the quotient lies at or above a half step just when twice the remainder reaches the denominator.
    scaled, remainder = divmod(numerator * 100, denominator)
    published = (scaled + (1 if 2 * remainder >= denominator else 0)) / 100
    expression = macro("ratio_half_up", f"{numerator}::decimal(38, 15)", f"{denominator}::decimal(38, 15)", 2)
    assert scalar(expression) == float(published)


def test_a_ratio_on_the_very_half_is_rounded_up(macro: Macro) -> None:
    # 2.675 has no binary form: as a double it lies below the half.
    assert scalar(macro("ratio_half_up", "267.5::decimal(38, 15)", "100::decimal(38, 15)", 2)) == 2.68


@pytest.mark.parametrize("denominator", ["0", "-5"])
def test_a_ratio_to_nothing_or_less_is_missing(macro: Macro, denominator: str) -> None:
    expression = macro("ratio_half_up", "10::decimal(38, 15)", f"({denominator})::decimal(38, 15)", 2)
    assert scalar(expression) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12950.4", "12950.4"), ("1,234,567", "1234567"), ("１２３．５", "123.5"), ("-3.2", "-3.2"), (" 45 ", "45"),
        ("1e3", "1000"), ("1 234.5", "1234.5"), ("67,5", None), ("1 2 3", None), ("1_000", None), ("1,23,456", None),
        ("12O4", None), ("L8", None), ("80%", None), ("", None), ("12.3.4", None), ("二", None),
    ],
)  # fmt: skip
def test_a_printed_number_is_read_or_refused(macro: Macro, text: str, number: str | None) -> None:
    value = scalar(macro("printed_number", "$text"), text=text)
    assert value == (None if number is None else Decimal(number))


@given(value=st.decimals(min_value=-(10**11), max_value=10**11, places=3))
def test_a_printed_number_keeps_every_digit(macro: Macro, value: Decimal) -> None:
    assert scalar(macro("printed_number", "$text"), text=f"{value:f}") == value


@pytest.mark.parametrize(
    ("text", "decimals"), [("45.40", 2), ("45.4", 1), ("17131", 0), ("0.789496250225968", 15)]
)
def test_printed_decimals_count_trailing_zeros(macro: Macro, text: str, decimals: int) -> None:
    assert scalar(macro("printed_decimals", "$text"), text=text) == decimals


@pytest.mark.parametrize(
    ("row_no", "col_no", "address"),
    [
        (1, 1, "A1"),
        (7, 3, "C7"),
        (2, 26, "Z2"),
        (2, 27, "AA2"),
        (9, 702, "ZZ9"),
        (9, 703, "AAA9"),
        (1, 16384, "XFD1"),
    ],
)
def test_an_address_is_spelled_as_a_spreadsheet_does(
    macro: Macro, row_no: int, col_no: int, address: str
) -> None:
    assert scalar(macro("cell_address", "'A1'", str(row_no), str(col_no))) == address


@given(col_no=st.integers(1, 16384))
def test_every_column_has_the_address_that_openpyxl_gives(macro: Macro, col_no: int) -> None:
    assert scalar(macro("cell_address", "'A1'", "1", str(col_no))) == f"{get_column_letter(col_no)}1"


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("$.data[{row}].value", "$.data[7].value"),
        ("$.data[{row}][{column}]", "$.data[7][3]"),
        ("//Obs[{row}]/@OBS_VALUE", "//Obs[7]/@OBS_VALUE"),
    ],
)
def test_an_address_is_spelled_as_its_file_does(macro: Macro, template: str, address: str) -> None:
    assert (
        scalar(macro("cell_address", "$template", "7::uinteger", "3::usmallint"), template=template)
        == address
    )


@pytest.mark.parametrize(
    ("received_at", "day"),
    [("2025-12-31 15:59:59", "2025-12-31"), ("2025-12-31 18:00:00", "2026-01-01")],
)
def test_the_day_of_receipt_is_that_in_china(macro: Macro, received_at: str, day: str) -> None:
    assert str(scalar(macro("day_in_china", "$time::timestamp"), time=received_at)) == day


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", "2020-12-31"), ("2020-02", "2020-02-29"), ("2021-09-30", "2021-09-30"),
        ("2020-13", None), ("2021-02-30", None), ("n.d.", None),
    ],
)  # fmt: skip
def test_a_vintage_is_the_last_day_of_what_it_names(macro: Macro, text: str, date: str | None) -> None:
    value = scalar(macro("vintage_date", "$text"), text=text)
    assert (str(value) if value else None) == date
