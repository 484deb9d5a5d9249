"""Reading a file by the declaration of its source: bytes to cells and rejects.

Bad content never raises: it is a reject, with whatever else could be read beside it.
"""

from pathlib import Path

import polars as pl

from sources.apart import read_apart
from sources.cell import Reading, Reject, no_cells
from sources.declaration import Declaration
from sources.delimited import read_delimited
from sources.layout import TidyLayout
from sources.sdmx import read_sdmx
from sources.sdmx_layout import SdmxLayout
from sources.sheet import Sheet
from sources.table import read_table
from sources.tidy import read_tidy

__all__ = ["Reading", "Reject", "read"]

ZIP = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0"
WORKBOOK_MAGIC = {".xlsx": ZIP, ".xlsm": ZIP, ".xls": OLE2}
DELIMITERS = {".csv": ",", ".tsv": "\t"}


def read(path: Path, declaration: Declaration, file_name: str | None = None) -> Reading:
    """Reads a file.

    Args:
        path: where its bytes are.
        declaration: what its source says of it.
        file_name: the name it came under, which tells its kind; that of `path` when absent.

    Returns:
        Its cells and rejects; a file that cannot be read at all has no cells and one reject.

    Raises:
        OSError: the file cannot be opened, or this machine cannot start the reader of workbooks.
        MemoryError: this machine has no room for the file.
    """
    try:
        return _read(path, declaration, file_name or path.name)
    except (OSError, MemoryError):
        raise
    except (Exception, pl.exceptions.PanicException) as problem:  # noqa: BLE001 - one file must not stop the others
        return Reading(
            [], no_cells(), [Reject("file.reader_failed", text=f"{type(problem).__name__}: {problem}")]
        )


def _read(path: Path, declaration: Declaration, file_name: str) -> Reading:
    if isinstance(declaration.layout, SdmxLayout):
        return read_sdmx(path, declaration.layout, file_name)
    sheets = _sheets(path, file_name, declaration.layout.encoding)
    if isinstance(sheets, Reject):
        return Reading([], no_cells(), [sheets])
    names = [sheet.name for sheet in sheets]
    filled = [sheet for sheet in sheets if not sheet.grid.is_empty()]
    if not filled:
        return Reading(names, no_cells(), [Reject("file.no_data")])
    if isinstance(declaration.layout, TidyLayout):
        frames, rejects = zip(*map(read_tidy, filled), strict=True)
        return Reading(names, pl.concat(frames), [reject for some in rejects for reject in some])
    return Reading(names, *read_table(filled, declaration.layout, file_name))


def _sheets(path: Path, file_name: str, encoding: str) -> list[Sheet] | Reject:
    """The sheets of a file whose first bytes agree with its name."""
    suffix = Path(file_name).suffix.lower()
    if suffix not in WORKBOOK_MAGIC and suffix not in DELIMITERS:
        return Reject("file.unknown_type", text=suffix)
    with path.open("rb") as file:
        opening = file.read(4)
    if not opening:
        return Reject("file.empty")
    if opening != WORKBOOK_MAGIC[suffix] if suffix in WORKBOOK_MAGIC else opening in (ZIP, OLE2):
        return Reject("file.wrong_type", text=suffix)
    if suffix in WORKBOOK_MAGIC:
        return read_apart(path)
    sheet = read_delimited(path, encoding, DELIMITERS[suffix])
    return sheet if isinstance(sheet, Reject) else [sheet]
