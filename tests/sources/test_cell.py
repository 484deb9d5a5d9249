from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from sources.address import column_number


@given(st.integers(1, 16_384))
def test_a_column_has_the_number_that_a_spreadsheet_gives_it(number: int) -> None:
    assert column_number(get_column_letter(number)) == number


def test_known_columns() -> None:
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16_384]
