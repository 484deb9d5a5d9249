"""Which sources there are, and taking in what they sent: the first step of every refresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sources.catalog import find_sources
from sources.declaration import Declaration
from warehouse.archive import Receipt, receipts
from warehouse.archive import receive as keep
from warehouse.errors import WarehouseError
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.register import check_names
from warehouse.settings import Settings

# One file of which this is true is left out and named; the others are taken in.
LEFT_OUT = ("archive.file_changed", "inbox.unreadable_file")

# The source that takes the simplest input, always there.
SIMPLEST = "submission"

# Names that editors, office programs and copying tools use while a file is not yet whole.
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".swp")


@dataclass
class Intake:
    """What a refresh found: the new receipts, and what could not be taken in (message code, details)."""

    received: list[Receipt] = field(default_factory=list)
    notices: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was missed that the next refresh could take in as it lies there."""
        return all(code != "archive.file_changed" for code, _ in self.notices)


def declared_sources(home: Home, settings: Settings) -> dict[str, Declaration]:
    """The sources in force, by name: the bundled ones (unless switched off) and the bureau's own.

    The source `submission` takes the simplest input and is there in any case.
    """
    found = find_sources([BUNDLED_SOURCES, home.sources])
    own = home.sources.resolve()
    in_force = {
        name: declaration
        for name, declaration in found.items()
        if settings.bundled or name == SIMPLEST or own in declaration.folder.resolve().parents
    }
    check_names(in_force)
    return in_force


def files_of(home: Home, declaration: Declaration) -> Iterator[Path]:
    """The files that lie ready for a source: its bundled ones, then its inbox, each by name."""
    yield from _data_files(declaration.folder / "files")
    sent: list[Path] = []
    with suppress(OSError):  # `receive` names a folder that cannot be read
        sent = _data_files(home.inbox / declaration.source)
    yield from sent


def receive(home: Home, declarations: Mapping[str, Declaration]) -> Intake:
    """Archive every new file of every source and log its receipt; one that cannot be read is a notice.

    Raises:
        WarehouseError: `source.files_missing` when a source that declares files has lost their folder.
    """
    for declaration in declarations.values():
        if declaration.files and not (declaration.folder / "files").is_dir():
            folder = declaration.folder / "files"
            raise WarehouseError("source.files_missing", source=declaration.source, folder=folder)
    intake = Intake()
    known = {(receipt.source, receipt.sha256) for receipt in receipts(home.archive)}
    for name, declaration in declarations.items():
        for path in files_of(home, declaration):
            try:
                receipt = keep(home.archive, name, path, known)
            except WarehouseError as error:
                if error.code not in LEFT_OUT:
                    raise
                intake.notices.append((error.code, error.details))
                continue
            if receipt:
                intake.received.append(receipt)
    intake.notices.extend(_strays(home, declarations))
    return intake


def _strays(home: Home, declarations: Mapping[str, Declaration]) -> Iterator[tuple[str, dict[str, object]]]:
    """What lies in the inbox and is not read."""
    known = ", ".join(sorted(declarations))
    for path in sorted(home.inbox.iterdir()) if home.inbox.is_dir() else ():
        if path.is_dir() and path.name not in declarations:
            yield "inbox.unknown_source", {"folder": path, "known": known}
        elif path.is_dir():
            yield from _strays_of_source(path)
        elif path.is_file() and not is_unfinished(path):
            yield "inbox.file_outside_source", {"file": path, "known": known}


def _strays_of_source(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not is_unfinished(path):
                yield "inbox.folder_inside_source", {"folder": path, "source": folder.name}
    except OSError as error:
        yield "inbox.unreadable_file", {"file": folder, "problem": error.strerror or str(error)}


def _data_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_file() and not is_unfinished(path)]


def is_unfinished(path: Path) -> bool:
    """Whether a name says that the file is not yet whole, or not meant; such a file is passed over."""
    return path.name.startswith((".", "~$")) or path.name.lower().endswith(UNFINISHED)
