"""What follows from decisions: which stand, and what becomes of a value."""

import hashlib
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.decision import Decision, Entry, Evidence, Value
from expectations.errors import ExpectationError
from expectations.review import ReviewLog
from expectations.reviewed import enter_reviews
from expectations.standing import digits, reviewed, standings
from tests.expectations.test_review import KEY, decision, write

LETTER = Evidence(sha256="a" * 64, name="letter.pdf")


def entries(*decisions: Decision) -> list[Entry]:
    found = []
    for line, one in enumerate(decisions, start=1):
        sha256 = hashlib.sha256(f"{line}".encode()).hexdigest()
        found.append(Entry(line, sha256, one))
    return found


def number(line: int) -> str:
    """The id of the decision in a line."""
    return hashlib.sha256(f"{line}".encode()).hexdigest()[:16]


def value(obs_value: str) -> Value:
    return Value(obs_value=obs_value, **KEY)


def correct(obs_value: str, to: str, **more: object) -> Decision:
    wanted = {
        "action": "correct",
        "value": value(obs_value),
        "decided_value": Decimal(to),
        "evidence": LETTER,
    }
    return decision(**(wanted | more))


def states(*decisions: Decision) -> list[str]:
    return [one.state for one in standings(entries(*decisions))]


def outcome(obs_value: str, *decisions: Decision) -> tuple[str, Decimal | None] | None:
    found = {one.value.obs_value: one for one in reviewed(standings(entries(*decisions)))}
    one = found.get(obs_value)
    return one and (one.outcome, one.decided_value)


def test_a_correction_without_evidence_is_a_query_and_changes_nothing() -> None:
    asked = correct("10", "1", evidence=None)
    assert states(asked) == ["queried"]
    assert outcome("10", asked) == ("queried", None)


def test_an_answered_query_gives_way_to_the_decision() -> None:
    assert states(correct("10", "1", evidence=None), correct("10", "1")) == ["superseded", "decided"]


def test_nothing_is_decided_before_another_account_confirms_it() -> None:
    asked = correct("10", "1", second_person=True)
    own = decision(action="confirm", about=number(1), account="li")
    other = decision(action="confirm", about=number(1), account="wang")
    assert states(asked) == states(asked, own) == ["pending"]
    assert outcome("10", asked, own) == ("pending", None)
    assert states(asked, own, other) == ["decided"]
    assert outcome("10", asked, other) == ("correct", Decimal(1))


def test_what_was_withdrawn_is_not_confirmed_any_more() -> None:
    asked = correct("10", "1", second_person=True)
    back = decision(action="withdraw", about=number(1))
    confirmed = decision(action="confirm", about=number(1), account="wang")
    assert states(asked, back, confirmed) == ["withdrawn"]
    assert outcome("10", asked, back, confirmed) is None


def test_a_decision_can_be_taken_anew_after_it_was_withdrawn() -> None:
    back = decision(action="withdraw", about=number(1))
    rejected = decision(action="reject", value=value("10"))
    assert states(correct("10", "1"), back, rejected) == ["withdrawn", "decided"]
    assert outcome("10", correct("10", "1"), back, rejected) == ("reject", None)


def test_a_decision_is_about_one_value_of_one_key() -> None:
    assert outcome("10", correct("10.0000000001", "1")) is None
    elsewhere = value("10").model_copy(update={"ref_area": "330000"})
    found = reviewed(standings(entries(decision(value=elsewhere), decision(value=value("10")))))
    assert [one.value for one in found] == [elsewhere, value("10")]


def test_a_corrected_value_may_be_decided_upon_in_its_turn() -> None:
    first = correct("10", "2")
    assert outcome("10", first, decision(value=value("2"))) == ("accept", Decimal(2))
    assert outcome("10", first, decision(action="reject", value=value("2"))) == ("reject", Decimal(2))
    assert outcome("10", first, correct("2", "3")) == ("correct", Decimal(3))
    assert outcome("10", first, correct("2", "3", evidence=None)) == ("correct", Decimal(2))


def test_corrections_in_a_circle_end() -> None:
    assert outcome("10", correct("10", "2"), correct("2", "10")) == ("correct", Decimal(10))


def test_a_line_about_a_decision_that_is_not_there_is_damage() -> None:
    with pytest.raises(ExpectationError) as raised:
        standings(entries(decision(action="withdraw", about="f" * 16)))
    assert raised.value.code == "review.about_nothing"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_database_names_a_value_with_the_same_digits(number: float) -> None:
    with duckdb.connect() as connection:
        assert connection.execute("select format('{:.12g}', ?::double)", [number]).fetchone() == (
            digits(number),
        )


def test_the_tables_say_what_the_log_says(tmp_path) -> None:
    log = ReviewLog(tmp_path / "reviews")
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        enter_reviews(connection, log)
        assert connection.execute("select count(*) from raw.review").fetchall() == [(0,)]
        write(log, correct("10", "1.50", evidence=None), decision(action="reject", value=value("7")))
        enter_reviews(connection, log)
        rows = connection.execute(
            "select line_no, state, obs_value, decided_value from raw.review"
        ).fetchall()
        assert rows == [(1, "queried", "10", 1.5), (2, "decided", "7", None)]
        values = connection.execute(
            "select obs_value, outcome, decided_value from raw.reviewed_value"
        ).fetchall()
        assert values == [("10", "queried", None), ("7", "reject", None)]
