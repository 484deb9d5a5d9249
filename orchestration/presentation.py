"""How a result looks to people and to programs: aligned tables, CSV, JSON, Parquet.

Here: formats. Not here: what is asked (`warehouse/query.py`), nor wording (`messages.yml`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal

from orchestration.errors import OrchestrationError
from warehouse.unseen import is_unseen

if TYPE_CHECKING:
    import polars as pl
    from rich.table import Table

Format = Literal["table", "csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json", "parquet")

# A table is for eyes; more rows than this are for a file.
TABLE_ROWS = 500
# Wide enough that nothing is folded where no terminal sets a width.
UNFOLDED = 10_000
# What makes a spreadsheet take a text for a formula. A lone sign is a mark of missing data, no formula.
FORMULA = r"^(?:[=@\t\r]|[+\-].)"
NUMBER = r"^[+\-]?[0-9][0-9.,]*(?:[eE][+\-]?[0-9]+)?%?$"
# An indented word with its text at a distance, as the report of flags sets it.
LABEL = r" +\S+ {2,}"
# What stays on one line: a word, or a Chinese character, with the signs that close it.
UNBROKEN = r"[!-~]+[，。；：）、”？！]*|\s+|.[，。；：）、”？！]*"


def show(drawn: Table) -> None:
    """Print a table: folded to the width of a terminal, whole and without padding anywhere else."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console(highlight=False).print(drawn)
    else:
        sys.stdout.write(_plain(drawn))


def tell(lines: Sequence[str], output: Path | None, fold: bool = True) -> None:
    """Write lines to a file, or to standard output: there folded to the width of a terminal, under their own indent.

    Raises:
        OrchestrationError: `output.unwritable`.
    """
    if output is None:
        width = get_terminal_size().columns if fold and sys.stdout.isatty() else UNFOLDED
        sys.stdout.write("".join(f"{part}\n" for line in lines for part in folded(line, width)))
        return
    try:
        output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise OrchestrationError("output.unwritable", file=output, problem=error.strerror) from error


def folded(line: str, width: int) -> list[str]:
    """A line in parts no wider than a terminal, the later ones indented below the text of the first.

    A line breaks between words and between any two Chinese characters, but not before a closing sign.
    """
    from rich.cells import cell_len

    if cell_len(line) <= width:
        return [line]
    label = re.match(LABEL, line) or re.match(r" *", line)
    opening = label[0] if label else ""
    margin = " " * cell_len(opening)
    parts = [opening]
    for piece in re.findall(UNBROKEN, line[len(opening) :]):
        if cell_len(parts[-1] + piece.rstrip()) > width and parts[-1].strip():
            parts.append(margin)
        if piece.strip() or parts[-1] != margin:
            parts[-1] += piece
    return [part.rstrip() for part in parts]


def deliver(frame: pl.DataFrame, form: Format, output: Path | None) -> int:
    """Write a result to a file, or to standard output.

    Returns:
        How many rows were left out, which only a table does.

    Raises:
        OrchestrationError: `output.binary` when Parquet would go to a terminal, `output.unwritable`.
    """
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise OrchestrationError("output.binary")
    try:
        if form == "table":
            shown = frame.head(TABLE_ROWS)
            drawn = table(shown.columns, shown.rows(), [kind.is_numeric() for kind in shown.dtypes])
            if output:
                output.write_text(_plain(drawn), encoding="utf-8")
            else:
                show(drawn)
            return frame.height - shown.height
        _write(frame, form, output)
    except OSError as error:
        raise OrchestrationError("output.unwritable", file=output or "-", problem=error.strerror) from error
    return 0


def table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[bool] | None = None
) -> Table:
    """Rows under headings, aligned by the width that characters have on a terminal (a Chinese one has two)."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    drawn = Table(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, show_header=bool(columns), header_style="bold"
    )
    for position, name in enumerate(columns):
        justify: Literal["left", "right"] = "right" if right and right[position] else "left"
        drawn.add_column(Text(_cell(name)), justify=justify)
    for row in rows:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    return drawn


def _write(frame: pl.DataFrame, form: Format, output: Path | None) -> None:
    target = output or sys.stdout.buffer
    if form == "parquet":
        frame.write_parquet(target)
    elif form == "csv":
        formula_safe(frame).write_csv(target)
    else:
        text = frame.write_json() + "\n"
        if output:
            output.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)


def formula_safe(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would run as a formula."""
    import polars as pl

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(FORMULA) & ~pl.col(name).str.contains(NUMBER))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )


def printable(value: object) -> str:
    """A text from outside as it may be shown on a terminal: on one line, which it neither drives nor reorders."""
    return "".join("�" if is_unseen(sign) else sign for sign in str(value))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    plain = str(value)
    guarded = isinstance(value, str) and re.match(FORMULA, plain) and not re.match(NUMBER, plain)
    return printable(f"'{plain}" if guarded else plain)


def _plain(drawn: Table) -> str:
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    Console(file=stream, width=UNFOLDED).print(drawn)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())
