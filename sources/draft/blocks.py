"""Which rows and columns of a page form tables: their figures, the headings above and beside them.

Here: rectangles. Not here: what a heading means (`labels.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sources.draft.page import CODE, FIGURE, HEADS, NOTE, OTHER_HEAD, UNIT_LINE, YEAR, Known, Page

FEW = 12
"""Characters of a heading that stands alone above several columns; a longer text is a title."""


@dataclass(frozen=True)
class Table:
    """A rectangle of figures.

    Attributes:
        page: where it stands.
        above: rows between the table before and the figures, titles and headings alike.
        heads: those of them that head columns.
        data: rows with figures.
        stacked: rows within that hold one text and no figure.
        labels: columns with labels, left of the figures.
        first: first column with figures.
        last: last one, where the page goes on to the right.
        skipped: columns between that hold none.
    """

    page: Page
    above: tuple[int, ...]
    heads: tuple[int, ...]
    data: tuple[int, ...]
    stacked: tuple[int, ...]
    labels: tuple[int, ...]
    first: int
    last: int | None = None
    skipped: tuple[int, ...] = ()

    @property
    def figures(self) -> list[int]:
        """The columns with figures."""
        end = self.last or self.page.width
        return [one for one in range(self.first, end + 1) if one not in self.skipped]

    @property
    def first_row(self) -> int:
        """Where the figures begin, a stacked heading above them included."""
        return min(*self.data[:1], *self.stacked[:1]) if self.stacked else self.data[0]

    @property
    def filled(self) -> list[int]:
        """Those of them in which anything stands."""
        rows = self.page.rows
        return [column for column in self.figures if any(column in rows[row] for row in self.data)]

    def column(self, column: int) -> list[str]:
        """The labels in a column beside the figures."""
        return [text for row in self.data if (text := self.page.text(row, column))]

    def row(self, row: int) -> list[str]:
        """The labels in a row above the figures."""
        return [text for column in self.filled if (text := self.page.text(row, column))]

    def head(self, column: int) -> str:
        """The heading of a column of labels: the last text above the figures in it."""
        texts = [text for row in self.heads if (text := self.page.text(row, column))]
        return texts[-1] if texts else ""


def tables_of(page: Page, known: Known) -> Iterator[Table]:
    """The tables of a page, from top to bottom, and from left to right where several stand side by side."""
    above: list[int] = []
    data: list[int] = []
    stacked: list[int] = []
    opened: list[int] = []
    margin = min(column for row in page.rows.values() for column in row)
    for row in sorted(page.rows):
        kind = _kind(page.rows[row], known, margin, following=bool(data and data[-1] == row - 1))
        if kind == "note":
            yield from _closed(page, known, opened, data, stacked)
            above, data, stacked, opened = [], [], [], []
        elif kind != "figures":
            above.append(row)
        elif data and all(_alone(page.rows[one]) for one in above):
            stacked += above
            data.append(row)
            above = []
        else:
            yield from _closed(page, known, opened, data, stacked)
            opened, data, stacked, above = above, [row], [], []
    yield from _closed(page, known, opened, data, stacked)


def _kind(row: Mapping[int, str], known: Known, margin: int, following: bool) -> str:
    texts = [row[column] for column in sorted(row)]
    if NOTE.match(texts[0]):
        return "note"
    numbers = [text for text in texts if FIGURE.match(text)]
    if not numbers:
        return "figures" if len(texts) > 1 and all(map(known.is_mark, texts[1:])) else "texts"
    if min(row) == margin and YEAR.match(texts[0]) and len(texts) > 1:
        return "figures"  # years that head columns leave the column of labels free
    years = [text for text in texts if YEAR.match(text)]
    rest = [text for text in texts if not YEAR.match(text)]
    if not years or any(map(FIGURE.match, rest)):
        return "figures"
    if len(years) == 1 and any(map(known.is_area, rest)):
        return "figures"
    # Below figures, a row of years is told from figures that look like years by its repeating nothing but a pattern.
    is_pattern = (
        len(years) > 1
        and len(rest) <= 1
        and years == sorted(set(years), key=years.index) * (len(years) // len(set(years)))
    )
    return "years" if is_pattern or not following else "figures"


def _alone(row: Mapping[int, str]) -> bool:
    return len(row) == 1 and not UNIT_LINE.search(next(iter(row.values())))


def _closed(
    page: Page, known: Known, above: list[int], data: list[int], stacked: list[int]
) -> Iterator[Table]:
    if not data:
        return
    columns = sorted({column for row in data for column in page.rows[row]})
    filled = {column: [text for row in data if (text := page.text(row, column))] for column in columns}
    heads = {column: _head(page, above, column) for column in columns}
    numeric = [column for column in columns if _holds_figures(filled[column], known)]
    numeric = _without_labels(numeric, filled, heads, known)
    for group in _side_by_side(columns, numeric, filled, heads, known):
        table = Table(page, tuple(above), (), tuple(data), tuple(stacked), *group)
        yield _headed(table)


def _head(page: Page, above: list[int], column: int) -> str:
    return next((text for row in reversed(above) if (text := page.text(row, column))), "")


def _holds_figures(texts: list[str], known: Known) -> bool:
    numbers = sum(1 for text in texts if FIGURE.match(text))
    return numbers > 0 and 2 * sum(map(known.is_figure, texts)) > len(texts)


def _without_labels(
    numeric: list[int], filled: dict[int, list[str]], heads: dict[int, str], known: Known
) -> list[int]:
    """The columns of figures, without years, codes and running numbers that stand at their left."""
    rest = list(numeric)
    for column in numeric[:-1]:
        texts, head = filled[column], heads[column]
        years = all(map(YEAR.match, texts)) and (
            bool(HEADS["year"].match(head)) or column == 1 or not YEAR.match(head)
        )
        codes = all(map(CODE.match, texts)) and (
            bool(OTHER_HEAD.match(head)) or all(map(known.is_area, texts))
        )
        running = bool(OTHER_HEAD.match(head)) or (
            len(texts) > 2 and column == 1 and texts == [str(number) for number in range(1, len(texts) + 1)]
        )
        if not (years or codes or running):
            break
        rest.remove(column)
    return rest


def _side_by_side(
    columns: list[int], numeric: list[int], filled: dict[int, list[str]], heads: dict[int, str], known: Known
) -> Iterator[tuple[tuple[int, ...], int, int | None, tuple[int, ...]]]:
    """Label columns, first and last column, skipped columns of each table between the left and the right edge."""
    if not numeric:
        return
    runs: list[tuple[list[int], list[int]]] = []
    for column in columns:
        if column in numeric:
            if not runs:
                runs.append(([], []))
            runs[-1][1].append(column)
        elif not runs or runs[-1][1]:
            runs.append(([column], []))
        else:
            runs[-1][0].append(column)
    opening = heads[runs[0][0][0]] if runs[0][0] else ""
    groups: list[tuple[list[int], list[int], list[int]]] = []
    for labels, figures in runs:
        again = bool(figures and labels and groups) and (
            (bool(opening) and heads[labels[0]] == opening)
            or known.kind(filled[labels[0]]) == "area"
        )  # fmt: skip
        if groups and not again:
            groups[-1][1].extend(figures)
            groups[-1][2].extend(labels)
        elif figures:
            groups.append((labels, figures, []))
    for number, (labels, figures, between) in enumerate(groups):
        last = figures[-1] if number < len(groups) - 1 or any(one > figures[-1] for one in between) else None
        inside = tuple(one for one in between if figures[0] < one < figures[-1])
        # Columns without a figure on this page have a heading, and figures on another.
        first = labels[-1] + 1 if labels else figures[0]
        yield tuple(labels), first, last, inside


def _headed(table: Table) -> Table:
    """The table with its headings told from titles, and from headings stacked in it.

    Where none is stacked above the first figures, a text alone in a row is a label whose figures are blank.
    """
    page, figures = table.page, set(table.figures)
    titles = list(table.above)
    under: list[int] = []
    while (
        titles
        and not figures & page.rows[titles[-1]].keys()
        and table.stacked
        and _alone(page.rows[titles[-1]])
    ):
        under.insert(0, titles.pop())
    stacked = (*under, *table.stacked) if under else ()
    heads: list[int] = []
    while titles:
        row = titles[-1]
        texts = [page.rows[row][column] for column in sorted(figures & page.rows[row].keys())]
        if not texts or any(UNIT_LINE.search(text) for text in texts):
            if heads or texts:
                break
            titles.pop()
            continue
        if heads and len(texts) == 1 and len(figures) > 1:
            is_first = min(figures) in page.rows[row]
            if not is_first or len(texts[0]) > FEW:
                break
        heads.insert(0, titles.pop())
    return replace(table, heads=tuple(heads), stacked=stacked)
