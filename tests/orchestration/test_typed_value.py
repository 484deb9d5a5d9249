"""What a reviewer may type as a value, and what it is taken for."""

from decimal import Decimal

import pytest

from orchestration.errors import OrchestrationError
from orchestration.typed_value import check_possible, parse, plain

FLAG = {
    "min_value": 50.0, "max_value": 200000.0, "unit_measure": "CNY", "obs_value": 112950.4, "flag_id": "0" * 16,
    "indicator": "disposable_income_per_capita",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("12950.4", "CNY", "12950.4"),
        (" 12,950.40 ", "CNY", "12950.40"),
        ("１２９５０．４", "CNY", "12950.4"),
        ("12950.4 CNY", "CNY", "12950.4"),
        ("12950.4元", "CNY", "12950.4"),
        ("1.29504万元", "CNY", "12950.4"),
        ("1.2 10k_cny", "CNY", "12000"),
        ("555.1 万人", "PERSONS", "5551000"),
        ("64.72%", "PCT", "64.72"),
        ("-0.5", "PCT", "-0.5"),
    ],
)
def test_a_number_is_taken_in_the_unit_of_the_indicator_or_in_its_own(
    typed: str, unit: str, value: str
) -> None:
    assert plain(parse(typed, unit)) == value


@pytest.mark.parametrize(
    ("typed", "unit", "printed", "value"),
    [
        ("748.2", "PERSONS", ("万人", 10000.0), "7482000"),
        ("7482000 人", "PERSONS", ("万人", 10000.0), "7482000"),
        ("0.701", "PCT", ("FRACTION", 100.0), "70.1"),
        ("12950.4", "CNY", None, "12950.4"),
        # Of a source's own, which no register of units holds.
        ("3", "PERSONS", ("百户", 320.0), "960"),
        ("3 百户", "PERSONS", ("百户", 320.0), "960"),
        ("1.50", "HECTARES", ("亩", 0.06666666666666667), "0.100000000000000"),
        ("0.5亩", "HECTARES", None, "0.033333333333333"),
    ],
)
def test_a_bare_number_is_in_the_unit_that_was_printed(
    typed: str, unit: str, printed: tuple[str, float] | None, value: str
) -> None:
    assert plain(parse(typed, unit, printed)) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "review.no_value"),
        ("  ", "review.no_value"),
        ("twelve", "review.not_a_number"),
        ("nan", "review.not_a_number"),
        ("1e5", "review.unknown_unit"),
        ("1,29,50", "review.unknown_unit"),
        ("1" * 18, "review.not_a_number"),
        ("0." + "1" * 16, "review.unknown_unit"),
        ("5万人", "review.unknown_unit"),
    ],
)
def test_what_is_no_number_of_that_unit_is_refused(typed: str | None, code: str) -> None:
    with pytest.raises(OrchestrationError) as raised:
        parse(typed, "CNY")
    assert raised.value.code == code


@pytest.mark.parametrize("value", ["49.99", "200000.01", "-1"])
def test_a_value_outside_the_possible_range_is_refused(value: str) -> None:
    with pytest.raises(OrchestrationError) as raised:
        check_possible(Decimal(value), FLAG)
    assert raised.value.code == "review.impossible_value"


def test_a_value_that_corrects_nothing_is_refused() -> None:
    with pytest.raises(OrchestrationError) as raised:
        check_possible(Decimal("112950.400"), FLAG)
    assert raised.value.code == "review.same_value"
    check_possible(Decimal("12950.4"), FLAG)


def test_a_large_value_is_shown_without_an_exponent() -> None:
    assert plain(126058210000000.0) == "126058210000000"
