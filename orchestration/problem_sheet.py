"""The problems of one source as a sheet: filled in by whoever sent the figures, and sent back.

Here: its columns, and that a spreadsheet takes them as they stand. CSV with a mark of its encoding, which every
spreadsheet program opens by a double click. Not here: what is wrong (`warehouse/problems.py`).
"""

from __future__ import annotations

import polars as pl

from orchestration.messages import catalogue
from orchestration.presentation import formula_safe

# Without it a spreadsheet program reads Chinese as the code page of its system.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A flag's id that is all digits, or digits around an e, would be read as a number and rounded.
NUMERIC_ID = r"^[0-9]+(e[0-9]+)?$"
TO_FILL_IN = ("finding", "corrected", "signed")


def sheet(problems: pl.DataFrame) -> bytes:
    """The file for rows of `open_problems`; amounts are numbers, all else is text that no spreadsheet runs."""
    ids = pl.col("flag_ids").list.join(" ").fill_null("")
    columns = {
        "number": pl.col("number"),
        "kind": _named("kind", "severity"),
        "file": pl.col("file_name"),
        "sheet": pl.col("sheet"),
        "cell": pl.when(pl.col("cell") == pl.coalesce("last_cell", "cell"))
        .then(pl.col("cell"))
        .otherwise(pl.format("{}…{}", "cell", "last_cell")),
        "area": pl.when(pl.col("areas") == 1).then(pl.format("{} ({})", "ref_area_zh", "ref_area")),
        "period": pl.col("time_period"),
        "indicator": pl.format("{} / {}", "indicator_zh", "indicator_en"),
        "area_type": _named("area_type", "area_type"),
        "printed": pl.col("raw_text"),
        "unit": pl.col("unit"),
        "expected_low": pl.col("expected_low"),
        "expected_high": pl.col("expected_high"),
        "suggested": pl.col("suggested"),
        "confidence": _named("confidence", "confidence"),
        "why_zh": pl.col("message_zh").list.join(" "),
        "why_en": pl.col("message_en").list.join(" "),
        "flag": pl.when(ids.str.contains(NUMERIC_ID)).then(pl.lit("'") + ids).otherwise(ids),
        **dict.fromkeys(TO_FILL_IN, pl.lit("")),
    }
    table = problems.select(column.alias(name) for name, column in columns.items())
    headed = formula_safe(table).rename({name: _both(f"column.{name}") for name in columns})
    return BYTE_ORDER_MARK + headed.write_csv().encode()


def _named(column: str, labels: str) -> pl.Expr:
    """The words for the codes of a column, in both languages; none for a code that needs none."""
    names = {code.partition(".")[2]: _both(code) for code in catalogue() if code.partition(".")[0] == labels}
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _both(code: str) -> str:
    return f"{catalogue()[code]['zh']} / {catalogue()[code]['en']}"
