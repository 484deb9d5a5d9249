"""Which sources there are: the bundled ones and those of the bureau, by name."""

from collections.abc import Sequence
from pathlib import Path

from sources.declared.source import Declaration, load_declaration
from sources.errors import SourceError

BUNDLED = Path(__file__).parent
"""The folder of the bundled sources."""


def find_sources(folders: Sequence[Path]) -> dict[str, Declaration]:
    """Reads the declaration of every source in some folders; a folder that does not exist holds none.

    Each sub-folder is a source, but for packages of Python and those whose names begin with '.' or '_'.

    Returns:
        Declarations by name, sorted.

    Raises:
        SourceError: a declaration is wrong, or two folders hold a source of the same name.
    """
    found: dict[str, Declaration] = {}
    for folder in folders:
        for declaration in map(load_declaration, _source_folders(folder)):
            earlier = found.setdefault(declaration.source, declaration)
            if earlier is not declaration:
                raise SourceError(
                    "source.name_clash",
                    name=declaration.source,
                    first=earlier.folder,
                    second=declaration.folder,
                )
    return dict(sorted(found.items()))


def _source_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    folders = (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    return sorted(path for path in folders if not (path / "__init__.py").exists())
