"""The SDMX layout: the observations of a data message become cells, by the concepts that `source.yml` names.

Here: which observations are figures, and what labels them. How a message is read stands with the reader of its format.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from sources.cell import CELL_COLUMN_OF_LABEL, CELL_COLUMNS, Reading, Reject, no_cells
from sources.declared.sdmx_layout import LABELS, FixedText, SdmxLayout
from sources.records.sdmx_csv import read_csv_message
from sources.records.sdmx_json import read_json_message
from sources.records.sdmx_message import ACTION, ROW, STRUCTURE, Message
from sources.records.sdmx_ml import read_ml_message

READERS: dict[str, Callable[[Path], Message | Reject]] = {
    ".csv": read_csv_message,
    ".json": read_json_message,
    ".xml": read_ml_message,
}
FIGURES = ("A", "I", "M", "R")
"""Append, information, merge and replace: each states figures that hold from then on. D takes some back."""

MISSING = ("NaN", "#N/A")
"""How SDMX 3.1 writes a value that is missing on purpose."""

ANY = "~"
"""How SDMX 3.1 writes that a dimension is of no account, as on a row that states attributes of a part of a key."""

EXPONENT = r"^[+-]?[0-9]{1,2}$"

DECIMAL_COMMA = r"^[+-]?[0-9]+,[0-9]+$"
"""What SDMX-CSV with semicolons may hold. SDMX knows no separator of thousands, and what reads the cells does."""


def read_sdmx(path: Path, layout: SdmxLayout, file_name: str) -> Reading:
    """Reads a data message of SDMX-CSV (1.0, 2.x), SDMX-ML (2.1, 3.0) or SDMX-JSON (1.0, 2.x).

    The value's text is the printed one, but for a value that is missing on purpose, which is blank. The unit's text
    carries its power of ten: `10^4 PERSONS` for PERSONS with UNIT_MULT 4.

    Args:
        path: where its bytes are.
        layout: which concepts label a figure, and of which structure the figures are wanted.
        file_name: the name it came under, whose ending tells the format.

    Returns:
        Its cells and rejects; no cells when the message is none, lacks a concept, or mixes structures.
    """
    reader = READERS.get(Path(file_name).suffix.lower())
    message = reader(path) if reader else Reject("file.sdmx_unknown_type", text=Path(file_name).suffix)
    if isinstance(message, Reject):
        return Reading([""], no_cells(), [message])
    rejects = list(message.rejects)
    wanted, problem = _wanted(message.observations, layout.structure)
    if problem:
        rejects.append(problem)
    problem = _lacking(message, layout) or _unnamed(message, wanted, layout) if wanted.height else None
    if problem:
        return Reading([""], no_cells(), [*rejects, problem], message.address)
    figures, refused = _figures(_labelled(wanted, layout), layout)
    if figures.is_empty() and not rejects and not refused:
        rejects.append(Reject("file.no_data", 1))
    cells = _cells(figures, message.columns.get(layout.value, 1))
    return Reading([""], cells, rejects + refused, message.address)


def _wanted(observations: pl.DataFrame, structure: str | None) -> tuple[pl.DataFrame, Reject | None]:
    """The observations of the declared structure, or of the only one; and what is said of the others."""
    present = observations[STRUCTURE].unique(maintain_order=True).fill_null("").to_list()
    if structure is None:
        if len(present) < 2:
            return observations, None
        return observations.clear(), Reject("file.sdmx_several_structures", text=", ".join(present))
    chosen = [name for name in present if structure in (name, name.split("(")[0])]
    others = ", ".join(name for name in present if name not in chosen)
    wanted = observations.filter(pl.col(STRUCTURE).is_in(chosen))
    if not chosen and others:
        return wanted, Reject("file.sdmx_missing_structure", text=others)
    return wanted, Reject("file.sdmx_other_structures", text=others) if others else None


def _lacking(message: Message, layout: SdmxLayout) -> Reject | None:
    missing = [concept for concept in layout.needed if concept not in message.concepts]
    if not missing:
        return None
    return Reject("file.sdmx_missing_concept", text=f"{', '.join(missing)} ({', '.join(message.concepts)})")


def _unnamed(message: Message, wanted: pl.DataFrame, layout: SdmxLayout) -> Reject | None:
    """The concepts that the layout does not name though they may tell figures apart, even by one value in all."""
    unnamed = [
        concept
        for concept in message.concepts
        if concept in message.dimensions
        and layout.is_silent_about(concept)
        and wanted[concept].null_count() < wanted.height
    ]
    return Reject("file.sdmx_unnamed_concept", text=", ".join(unnamed)) if unnamed else None


def _labelled(rows: pl.DataFrame, layout: SdmxLayout) -> pl.DataFrame:
    """The observations with each label in a column of its own, named as in the layout behind a colon."""
    return rows.with_columns(_text(name, rows, layout).alias(f":{name}") for name in LABELS)


def _figures(rows: pl.DataFrame, layout: SdmxLayout) -> tuple[pl.DataFrame, list[Reject]]:
    """The rows that state figures, and rejects for the others."""
    action = pl.col(ACTION).fill_null("I").str.to_uppercase()
    without_key = pl.any_horizontal(pl.col(":time_period", ":ref_area").fill_null(ANY) == ANY)
    of_the_unit = [f":{name}" for name in ("unit", "unit_mult") if layout.concepts(name)]
    states_a_unit = pl.any_horizontal(pl.lit(value=False), pl.col(of_the_unit).is_not_null())
    scattered = rows.filter(without_key & pl.col(":value").is_null() & states_a_unit & (action != "D"))
    if scattered.height:
        return rows.clear(), [Reject("file.sdmx_partial_key", 1, scattered.item(0, ROW))]
    refusals = {
        "cell.sdmx_delete": (action == "D", pl.lit(None, pl.String)),
        "cell.sdmx_unknown_action": (~action.is_in([*FIGURES, "D"]), pl.col(ACTION)),
        "cell.sdmx_decimal_comma": (pl.col(":value").str.contains(DECIMAL_COMMA), pl.col(":value")),
        "cell.sdmx_unit_mult": (~pl.col(":unit_mult").str.contains(EXPONENT), pl.col(":unit_mult")),
    }
    rejects = []
    for code, (refused, text) in refusals.items():
        for row_no, what in rows.filter(refused).select(ROW, text.alias("text")).iter_rows():
            rejects.append(Reject(code, 1, row_no, text=what))
        rows = rows.filter(~refused.fill_null(value=False))
    return rows, rejects


def _cells(figures: pl.DataFrame, column_no: int) -> pl.DataFrame:
    value = pl.col(":value").fill_null("")
    named = {column: pl.col(f":{name}") for name, column in CELL_COLUMN_OF_LABEL.items() if name in LABELS}
    columns = named | {
        "sheet_no": pl.lit(1),
        "row_no": pl.col(ROW),
        "col_no": pl.lit(column_no),
        "value_text": pl.when(value.is_in(MISSING)).then(pl.lit("")).otherwise(value),
        "unit_text": _unit(),
    }
    return figures.select(
        columns.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in CELL_COLUMNS.items()
    )


def _unit() -> pl.Expr:
    """The unit with its power of ten, which is never left to a unit that is declared elsewhere."""
    unit, exponent = pl.col(":unit"), pl.col(":unit_mult").cast(pl.Int8)
    power = pl.concat_str(pl.lit("10^"), exponent.cast(pl.String))
    scaled = pl.when(unit.is_null()).then(power).otherwise(pl.concat_str(power, unit, separator=" "))
    return pl.when(exponent.fill_null(0) == 0).then(unit).otherwise(scaled)


def _text(label: str, rows: pl.DataFrame, layout: SdmxLayout) -> pl.Expr:
    """The text of a label; null where the message has none of its concepts."""
    declared = getattr(layout, label)
    if isinstance(declared, FixedText):
        return pl.lit(declared.text)
    concepts = [concept for concept in layout.concepts(label) if concept in rows.columns]
    if len(concepts) < 2:
        return pl.col(concepts[0]) if concepts else pl.lit(None, pl.String)
    return pl.concat_str((pl.col(concept).fill_null("") for concept in concepts), separator=".")
