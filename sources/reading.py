"""Reading a file by the declaration of its source: bytes to cells and rejects.

Bad content never raises: it is a reject, with whatever else could be read beside it.
"""

from pathlib import Path

from sources.cell import Reading, Reject
from sources.declared.source import Declaration
from sources.guard.apart import Reader
from sources.guard.limits import Limits

__all__ = ["Reader", "Reading", "Reject", "read"]


def read(
    path: Path, declaration: Declaration, file_name: str | None = None, limits: Limits | None = None
) -> Reading:
    """Reads one file; many are read faster by one `Reader`.

    Args:
        path: where its bytes are.
        declaration: what its source says of it.
        file_name: the name it came under, which tells its kind; that of `path` when absent.
        limits: what it may cost; the usual limits when absent.

    Returns:
        Its cells and rejects; a file that cannot be read at all has no cells and one reject.

    Raises:
        OSError: the file cannot be opened, or this machine cannot start a reader.
    """
    with Reader(limits) as reader:
        return reader.read(path, declaration, file_name or path.name)
