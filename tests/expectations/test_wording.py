"""What a person reads of a failing value: amounts in the unit that is printed, a suggestion only where there is one."""

import duckdb
import pytest

from expectations import evidence
from expectations.diagnosis import SLIPS
from expectations.wording import VERDICT_COLUMNS, message

POPULATION = {
    "obs_value": 27_170_000.0,
    "expected_value": 26_912_345.678,
    "multiplier": 10_000,
    "printed_decimals": 2,
    "unit_text": "万人",
    "unit_measure": "PERSONS",
}


@pytest.fixture(scope="module")
def filled():
    """A message with its placeholders filled from one row of evidence; what the row does not say is unknown."""
    with duckdb.connect() as connection:

        def fill(template, language="en", **row):
            known = evidence.COLUMNS | VERDICT_COLUMNS
            rest = (f"NULL::{type_} AS {name}" for name, type_ in known.items() if name not in row)
            columns = ", ".join([*(f"? AS {name}" for name in row), *rest])
            query = f"SELECT {message(template, language)} FROM (SELECT {columns})"
            return connection.execute(query, list(row.values())).fetchone()[0]

        yield fill


def test_an_amount_is_told_as_it_is_printed(filled):
    assert filled("{obs_value}", **POPULATION) == "2717 万人"


def test_a_computed_amount_has_one_decimal_more_than_is_printed(filled):
    assert filled("{expected_value}", **POPULATION) == "2691.235 万人"


def test_a_percent_sign_stands_without_a_space(filled):
    assert filled("{obs_value}", obs_value=64.72, multiplier=1, unit_text="%") == "64.72%"


def test_a_fraction_is_told_as_a_fraction(filled):
    assert filled(
        "{obs_value}", obs_value=56.65, multiplier=100, printed_decimals=4, unit_text="FRACTION"
    ) == ("0.5665 FRACTION")


def test_the_registered_unit_stands_in_for_one_that_was_not_printed(filled):
    assert filled("{obs_value}", obs_value=5.0, multiplier=1, unit_measure="CNY") == "5 CNY"


def test_no_suggestion_leaves_no_trace(filled):
    assert filled("check it{suggestion}.", **POPULATION) == "check it."


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "; suggested: 2717.5 万人"), ("zh", "；建议值：2717.5 万人")]
)
def test_a_suggestion_is_told_in_the_printed_unit(filled, language, wanted):
    assert filled("{suggestion}", language, **POPULATION, suggested_value=27_175_000.0) == wanted


@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_has_words_in_both_languages(filled, slip):
    assert filled("{slip_words}", "en", slip=slip) == SLIPS[slip].en
    assert filled("{slip_words}", "zh", slip=slip) == SLIPS[slip].zh


def test_what_tells_the_expected_value_is_named(filled):
    assert filled("{told_by}", expectation="neighbours") == "the neighbouring years"
    assert filled("{told_by}", "zh", expectation="peers") == "同年其他地区"


def test_what_is_unknown_shows_as_a_dash(filled):
    assert filled("{obs_value} {growth_pct:.1f}") == "– –"


def test_a_quote_in_a_message_is_a_quote(filled):
    assert filled("it's {obs_value}", obs_value=1.0, multiplier=1, unit_text="元") == "it's 1 元"
