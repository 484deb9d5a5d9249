"""A suggestion is what was meant, or there is none; the nearer candidate wins."""

from math import log10

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expectations import diagnosis, evidence


@pytest.fixture(scope="module")
def explained():
    """Tells the suggestion and the name of the slip for one row of evidence."""
    with duckdb.connect() as connection:
        yield lambda **row: _explained(connection, row)


def _explained(connection, row):
    columns = ", ".join(f"? AS {name}" for name in row)
    rest = ", ".join(
        f"NULL::{type_} AS {name}" for name, type_ in evidence.COLUMNS.items() if name not in row
    )
    return connection.execute(
        f"""SELECT {diagnosis.suggested_value("transcription")}, {diagnosis.named("transcription")}
        FROM (SELECT {columns}, {rest})""",
        list(row.values()),
    ).fetchone()


def evidence_of(printed, usual_decimals, expected):
    """What the evidence proposes for a printed number, by its definition (see `expectations/evidence.py`)."""
    value, decimals = float(printed), len(printed.partition(".")[2])
    row = {"quantity": "money", "obs_value": value, "multiplier": 1, "expected_value": expected}
    row |= {
        "decimals": decimals,
        "usual_decimals": usual_decimals,
        "extra_decimals": decimals - usual_decimals,
    }
    power = round(log10(value / expected))
    if power != 0 and abs(log10(value / expected) - power) < log10(1.15):
        row |= {"scale_power": power, "scale_candidate": value / 10**power}
    edits = [
        (float(rest), "inserted_digit")
        for place, digit in enumerate(printed)
        if digit.isdigit() and (rest := printed[:place] + printed[place + 1 :]).strip(".")
    ]
    edits += [
        (
            float(printed[:place] + printed[place + 1] + printed[place] + printed[place + 2 :]),
            "swapped_digits",
        )
        for place in range(len(printed) - 1)
        if printed[place : place + 2].isdigit()
    ]
    near = [
        (abs(log10(v / expected)), v, edit)
        for v, edit in edits
        if v > 0 and abs(log10(v / expected)) < log10(1.15)
    ]
    if near and abs(log10(value / expected)) > log10(4 / 3):
        _, row["digit_candidate"], row["digit_edit"] = min(near)
    return row


def test_jilin_2017(explained):
    row = evidence_of("112950.4", 1, 12917.0)
    assert (row["scale_candidate"], row["digit_candidate"]) == (pytest.approx(11295.04), 12950.4)
    assert explained(**row) == (12950.4, "inserted_digit")


@pytest.mark.parametrize(
    ("printed", "usual_decimals", "expected", "meant", "name"),
    [
        ("129504", 1, 12917.0, 12950.4, "shifted_decimal"),
        ("1295.04", 1, 12917.0, 12950.4, "shifted_decimal"),
        ("1.29504", 1, 12917.0, 12950.4, "wrong_unit"),
        ("129504000", 1, 12917.0, 12950.4, "wrong_unit"),
        ("21950.4", 1, 12917.0, 12950.4, "swapped_digits"),
        ("12950.4", 1, 40000.0, None, None),
        # Nearly the same number either way: which digit is too many cannot be told.
        ("129504.0", 1, 12917.0, None, "ambiguous"),
    ],
)
def test_known_slips(explained, printed, usual_decimals, expected, meant, name):
    suggested, found = explained(**evidence_of(printed, usual_decimals, expected))
    assert suggested == pytest.approx(meant)
    assert found == name


def test_two_candidates_equally_near_give_none(explained):
    row = {
        "quantity": "money",
        "expected_value": 100.0,
        "multiplier": 1,
        "scale_power": 1,
        "extra_decimals": 0,
    }
    assert explained(**row, scale_candidate=110.0, digit_candidate=100 / 1.1, usual_decimals=0) == (
        None,
        "ambiguous",
    )


def test_two_slips_that_lead_to_the_same_value_prove_nothing(explained):
    # 1000.0 with a 1 put in; taking out the last 0 is as near as moving the point, and both are wrong.
    assert explained(**evidence_of("10010.0", 1, 1004.5)) == (None, "ambiguous")


def test_rates_are_compared_in_points(explained):
    row = {
        "quantity": "rate",
        "expected_value": 60.0,
        "multiplier": 1,
        "extra_decimals": 0,
        "usual_decimals": 2,
    }
    near = {
        "scale_candidate": 61.0,
        "scale_power": -2,
        "digit_candidate": 62.0,
        "digit_edit": "swapped_digits",
    }
    assert explained(**row, **near) == (61.0, "shifted_decimal")
    assert explained(**row, **{**near, "digit_candidate": 61.2}) == (None, "ambiguous")


def test_a_value_that_is_not_positive_has_no_candidate_to_compare(explained):
    row = {"quantity": "money", "expected_value": -5.0, "scale_candidate": 3.0, "digit_candidate": 0.0}
    assert explained(**row) == (None, "ambiguous")


meant = st.integers(10_000, 9_999_999)  # in tenths: 1000.0 to 999999.9 CNY
miss = st.floats(-diagnosis.TIE_LOG10 / 2, diagnosis.TIE_LOG10 / 2)


@given(meant, miss, st.sampled_from([1, 2, 4]))
@example(129504, 0.001, 1)
def test_a_moved_point_gives_back_the_value_or_nothing(explained, tenths, off, power):
    value = tenths / 10
    digits = str(tenths)
    printed = digits + "0" * (power - 1)
    suggested, _ = explained(**evidence_of(printed, 1, value * 10**off))
    assert suggested is None or suggested == pytest.approx(value)
    assert power == 1 or suggested is not None


@given(meant, miss, st.integers(0, 9), st.data())
@example(129504, 0.001, 1, None)
def test_an_inserted_digit_gives_back_the_value_or_nothing(explained, tenths, off, digit, data):
    value = tenths / 10
    text = f"{value:.1f}"
    place = 0 if data is None else data.draw(st.integers(0, len(text) - 2))
    printed = text[:place] + str(digit) + text[place:]
    suggested, _ = explained(**evidence_of(printed, 1, value * 10**off))
    assert suggested is None or suggested == pytest.approx(value)


@given(
    st.floats(50, 200), st.floats(50, 200), st.floats(50, 200), st.sampled_from(["money", "persons", "rate"])
)
def test_the_farther_candidate_never_wins(explained, scale, digit, expected, quantity):
    row = {
        "quantity": quantity,
        "expected_value": expected,
        "multiplier": 1,
        "scale_power": 1,
        "digit_edit": "x",
    }
    row |= {"scale_candidate": scale, "digit_candidate": digit, "extra_decimals": 0, "usual_decimals": 1}
    suggested, _ = explained(**row)

    def distance(value):
        return abs(value - expected) if quantity == "rate" else abs(log10(value / expected))

    assert suggested is None or distance(suggested) <= min(distance(scale), distance(digit)) + 1e-9
