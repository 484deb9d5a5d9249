"""Planting errors as people make them into clean cells: what is printed afterwards, and what had been meant.

Every kind of error is drawn from a seeded generator; nothing here knows how errors are found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from tests.quality.panel import Cell, Change

INCOME = "disposable_income_per_capita"


@dataclass(frozen=True)
class Planted:
    """One error: the cells that it changes with their new texts; the rest of the panel is as it was.

    Attributes:
        texts: the new text of every cell that is wrong now.
        meant: the text that had stood there; nothing is meant where the right answer is "no error".
        repeated: cells that stand there a second time.
    """

    texts: Mapping[int, str]
    meant: Mapping[int, str]
    repeated: tuple[int, ...] = ()

    @property
    def wrong(self) -> frozenset[int]:
        """The cells that may be accused."""
        return frozenset({*self.texts, *self.repeated, *(one + 1_000_000 for one in self.repeated)})


@dataclass
class Field:
    """The clean panel, by what an error may need to look up."""

    cells: Sequence[Cell]
    by_key: dict[tuple[object, ...], Cell] = field(default_factory=dict)
    columns: dict[tuple[int, int, int], list[Cell]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for cell in self.cells:
            self.by_key[cell.series_no, cell.ref_area, cell.ref_year] = cell
            self.columns.setdefault((cell.file_id, cell.series_no, cell.ref_year), []).append(cell)
        for column in self.columns.values():
            column.sort(key=lambda cell: (cell.row_no, cell.col_no))

    def of_year(self, cell: Cell, years: int) -> Cell | None:
        """The cell of the same series and area, some years later."""
        return self.by_key.get((cell.series_no, cell.ref_area, cell.ref_year + years))

    def column(self, cell: Cell) -> list[Cell]:
        """The cells of the same file, series and year, in the order in which they are printed."""
        return self.columns[cell.file_id, cell.series_no, cell.ref_year]

    def counterpart(self, cell: Cell) -> Cell | None:
        """The rural figure beside an urban one of the same indicator, area and year."""
        return next(
            (
                other
                for other in self.cells
                if (other.file_id, other.ref_area, other.ref_year, other.area_type)
                == (cell.file_id, cell.ref_area, cell.ref_year, "rural")
                and other.quantity == cell.quantity
                and (
                    other.indicator == cell.indicator
                    or {other.indicator, cell.indicator} == {INCOME, "net_income_per_capita"}
                )
            ),
            None,
        )


Plant = Callable[[Random, Field, Cell], Planted | None]


def _one(cell: Cell, text: str | None) -> Planted | None:
    return (
        None
        if text is None or text == cell.text
        else Planted({cell.cell_id: text}, {cell.cell_id: cell.text})
    )


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def times(power: int) -> Plant:
    """Every digit kept, the point moved, as a wrong unit does."""
    return lambda _random, _panel, cell: _one(cell, _plain(Decimal(cell.text).scaleb(power)))


def grown(factor: str) -> Plant:
    """A value that is simply too large or too small, rounded as it was printed."""

    def plant(random: Random, panel: Field, cell: Cell) -> Planted | None:
        number = Decimal(cell.text)
        return _one(
            cell, _plain((number * Decimal(factor)).quantize(Decimal(1).scaleb(number.as_tuple().exponent)))
        )

    return plant


def _whole_digits(text: str) -> int:
    """How many digits stand before the point; none in a fraction."""
    return len(text.split(".")[0].lstrip("0"))


def insert_digit(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """A digit too many before the point."""
    if not _whole_digits(cell.text):
        return None
    place = random.randrange(_whole_digits(cell.text) + 1)
    digit = random.choice("123456789" if place == 0 else "0123456789")
    return _one(cell, cell.text[:place] + digit + cell.text[place:])


def double_digit(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """A digit before the point typed twice."""
    if not _whole_digits(cell.text):
        return None
    place = random.randrange(_whole_digits(cell.text))
    return _one(cell, cell.text[: place + 1] + cell.text[place:])


def drop_digit(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """A digit before the point left out."""
    if _whole_digits(cell.text) < 2:
        return None
    place = random.randrange(_whole_digits(cell.text))
    left = cell.text[:place] + cell.text[place + 1 :]
    return None if left.startswith("0") else _one(cell, left)


def swap_digits(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """Two different neighbouring digits before the point change places, anywhere among the first three."""
    places = [
        place
        for place in range(min(_whole_digits(cell.text) - 1, 2))
        if cell.text[place] != cell.text[place + 1] and not (place == 0 and cell.text[1] == "0")
    ]
    if not places:
        return None
    place = random.choice(places)
    return _one(cell, cell.text[:place] + cell.text[place + 1] + cell.text[place] + cell.text[place + 2 :])


def _is_percentage(cell: Cell) -> bool:
    """Whether a percent sign may stand behind it; a fraction bears none."""
    return cell.quantity == "rate" and cell.multiplier == 1


def percent_as_96(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """A percent sign behind a rate read as 96."""
    return _one(cell, cell.text + "96") if _is_percentage(cell) and "." in cell.text else None


def letter_for_digit(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """A digit read as the letter that looks like it."""
    letters = {"1": "l", "0": "O", "5": "S", "8": "B", "2": "Z"}
    places = [place for place, digit in enumerate(cell.text) if digit in letters]
    if not places:
        return None
    place = random.choice(places)
    return _one(cell, cell.text[:place] + letters[cell.text[place]] + cell.text[place + 1 :])


def percent_as(sign: str) -> Plant:
    """A percent sign behind a rate read as a letter and a zero."""
    return lambda _random, _panel, cell: _one(cell, cell.text + sign) if _is_percentage(cell) else None


def swap_urban_rural(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """Urban and rural figures of one area and year change places."""
    other = panel.counterpart(cell) if cell.area_type == "urban" else None
    return other and _exchanged(cell, other)


def swap_areas(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """The figures of two areas of one column change places."""
    column = panel.column(cell)
    return _exchanged(cell, random.choice(column)) if len(column) > 1 else None


def _exchanged(one: Cell, other: Cell) -> Planted | None:
    if one.text == other.text:
        return None
    return Planted(
        {one.cell_id: other.text, other.cell_id: one.text}, {one.cell_id: one.text, other.cell_id: other.text}
    )


def shift_rows(length: int) -> Plant:
    """So many figures of a column stand a row too low or too high; the cell left free is blank."""

    def plant(random: Random, panel: Field, cell: Cell) -> Planted | None:
        column = panel.column(cell)
        if len(column) < length:
            return None
        first = random.randrange(len(column) - length + 1)
        part = column[first : first + length]
        if random.random() < 0.5:
            part = part[::-1]
        texts = {to.cell_id: of.text for to, of in zip(part[1:], part, strict=False)}
        return Planted({**texts, part[0].cell_id: ""}, {one.cell_id: one.text for one in part})

    return plant


def shift_years(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """Five figures of a row stand a column too far to the right; the first is blank."""
    part = [panel.of_year(cell, years) for years in range(5)]
    if None in part:
        return None
    known = [one for one in part if one]
    texts = {to.cell_id: of.text for to, of in zip(known[1:], known, strict=False)}
    return Planted({**texts, known[0].cell_id: ""}, {one.cell_id: one.text for one in known})


def of_other_year(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """The figure of another year of the same row, at least two years off."""
    other = panel.of_year(cell, random.choice([-4, -3, -2, 2, 3, 4]))
    return other and _one(cell, other.text)


def of_other_area(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """The figure of another area of the same column."""
    return _one(cell, random.choice(panel.column(cell)).text)


def copied_forward(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """The figure of the year before."""
    other = panel.of_year(cell, -1)
    return other and _one(cell, other.text)


def zero(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """Missing, filled in as zero."""
    return _one(cell, "0")


def blank(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """Missing and left blank: no error."""
    return Planted({cell.cell_id: ""}, {})


def repeat_row(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """The same line twice."""
    return Planted({}, {}, (cell.cell_id,))


def net_column(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """A whole column of rural net income, about 6 percent below disposable income, under that heading."""
    if not (cell.indicator == INCOME and cell.area_type == "rural" and len(panel.column(cell)) > 9):
        return None
    texts = {
        one.cell_id: _plain((Decimal(one.text) * Decimal("0.943")).quantize(Decimal("0.1")))
        for one in panel.column(cell)
    }
    return Planted(texts, {})


def net_income(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """One figure of rural net income, about 6 percent below, under the heading of disposable income."""
    if not (cell.indicator == INCOME and cell.area_type == "rural"):
        return None
    return _one(cell, _plain((Decimal(cell.text) * Decimal("0.943")).quantize(Decimal("0.1"))))


def lasting_break(random: Random, panel: Field, cell: Cell) -> Planted | None:
    """From this year on a quarter more, for good: a change of definition or boundary, and no error."""
    later = [panel.of_year(cell, years) for years in range(60)]
    known = [one for one in later if one]
    if len(known) < 4 or not panel.of_year(cell, -4) or cell.quantity == "rate" or cell.source == "national":
        return None
    texts = {
        one.cell_id: _plain((Decimal(one.text) * Decimal("1.25")).quantize(Decimal("0.1"))) for one in known
    }
    return Planted(texts, {})


def combined(planted: Sequence[Planted]) -> Change:
    """Several errors in one panel."""
    return Change(
        {cell_id: text for one in planted for cell_id, text in one.texts.items()},
        [cell_id for one in planted for cell_id in one.repeated],
    )
