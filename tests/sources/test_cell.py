from hypothesis import given
from hypothesis import strategies as st

from sources.cell import column_letters, column_number


@given(st.integers(1, 16_384))
def test_letters_and_number_of_a_column_are_inverse(number: int) -> None:
    assert column_number(column_letters(number)) == number


def test_known_columns() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
