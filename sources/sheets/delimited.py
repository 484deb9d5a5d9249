"""Text files with delimiters (CSV, TSV): bytes to a sheet of texts. Layout is not known here."""

import csv
import io
import itertools
from pathlib import Path

import polars as pl

from sources.cell import Reject
from sources.guard.limits import MIB, Limits
from sources.sheets.delimiter import delimiter_of
from sources.sheets.sheet import Sheet, sheet_of


def read_delimited(
    path: Path, encoding: str, delimiter: str | None = ",", limits: Limits | None = None
) -> Sheet | Reject:
    """Reads a text file.

    Args:
        path: the file.
        encoding: 'utf-8', 'gb18030' (which contains GBK and GB 2312), or 'auto': the first that fits.
        delimiter: what stands between two fields; None where the header tells it.
        limits: how large it may be; the usual limits when absent.

    Returns:
        The sheet, `row_no` being the line on which a record starts, or why the file cannot be read.
    """
    limits = limits or Limits()
    candidates = ("utf-8", "gb18030") if encoding == "auto" else (encoding,)
    text = _decode(path.read_bytes(), candidates)
    if text is None:
        return Reject("file.wrong_encoding", text=" / ".join(candidates).upper())
    if "\0" in text:
        return Reject("file.not_text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = delimiter or delimiter_of(text)
    # Not by polars: it asks for twenty times the text to split one so long.
    lines = pl.Series(text.split("\n"))
    longest = int(lines.str.len_bytes().max() or 0)  # type: ignore[arg-type]
    if longest > limits.line_bytes:
        return Reject("file.too_large", text=f"{longest / MIB:,.0f} MiB")
    by_line = _is_a_record_each(lines, delimiter)
    grid = _by_line(text, lines, delimiter, limits) if by_line else _by_record(text, delimiter, limits)
    return grid if isinstance(grid, Reject) else sheet_of(1, "", grid)


def _decode(content: bytes, candidates: tuple[str, ...]) -> str | None:
    """The text without a byte order mark in the first encoding that fits, or None when none does."""
    for candidate in candidates:
        try:
            return content.decode(candidate).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return None


def _is_a_record_each(lines: pl.Series, delimiter: str) -> bool:
    """Whether each line is a whole record with all its quotation marks in place."""
    quoted = lines.filter(lines.str.contains('"', literal=True))
    field = rf'("([^"]|"")*"|[^"{delimiter}]*)'
    return quoted.str.contains(rf"^{field}({delimiter}{field})*$").all()


def _by_line(text: str, lines: pl.Series, delimiter: str, limits: Limits) -> pl.DataFrame | Reject:
    """The fast and usual way; it would misread a quotation mark out of place."""
    width = int(lines.str.count_matches(delimiter, literal=True).max() or 0) + 1  # type: ignore[arg-type]
    if _is_too_large(len(lines), width, limits):
        return Reject("file.too_large", text=f"{len(lines)} × {width}")
    return pl.read_csv(
        text.encode(),
        has_header=False,
        schema={str(number): pl.String for number in range(1, width + 1)},
        separator=delimiter,
        missing_columns="insert",
        raise_if_empty=False,
    ).with_row_index("row_no", offset=1)


def _by_record(text: str, delimiter: str, limits: Limits) -> pl.DataFrame | Reject:
    """The way for records that span lines, and the one that notices quotation marks that never close."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row_numbers: list[int] = []
    records: list[list[str]] = []
    line_before = 0
    try:
        for record in reader:
            row_numbers.append(line_before + 1)
            records.append(record)
            line_before = reader.line_num
    except csv.Error:
        return Reject("file.malformed_quotes", row_no=line_before + 1)
    width = max(map(len, records))
    if _is_too_large(len(records), width, limits):
        return Reject("file.too_large", text=f"{len(records)} × {width}")
    columns = itertools.zip_longest(*records)
    texts = {
        str(number): pl.Series(column, dtype=pl.String) for number, column in enumerate(columns, start=1)
    }
    return pl.DataFrame({"row_no": row_numbers, **texts})


def _is_too_large(rows: int, columns: int, limits: Limits) -> bool:
    return columns > limits.columns or rows * columns > limits.cells
