"""The letters of spreadsheet columns and their numbers."""


def column_number(letters: str) -> int:
    """The number of a spreadsheet column, from 1: 'A' is 1, 'AA' is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """The letters of a spreadsheet column, from 1: 1 is 'A', 27 is 'AA'."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
