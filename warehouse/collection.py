"""Which sources there are, and taking in what they sent: the first step of every refresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sources.catalog import find_sources
from sources.declaration import Declaration
from warehouse.archive import Receipt, receipts
from warehouse.archive import receive as keep
from warehouse.errors import WarehouseError
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.settings import Settings

# Names that editors, office programs and copying tools use while a file is not yet whole.
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".swp")


@dataclass
class Intake:
    """What a refresh found: the new receipts, and what could not be taken in (message code, details)."""

    received: list[Receipt] = field(default_factory=list)
    notices: list[tuple[str, dict[str, object]]] = field(default_factory=list)


def declared_sources(home: Home, settings: Settings) -> dict[str, Declaration]:
    """The sources in force, by name: the bundled ones (unless switched off) and the bureau's own.

    The source `submission` takes the simplest input and is there in any case.
    """
    found = find_sources([BUNDLED_SOURCES, home.sources])
    if settings.bundled:
        return found
    own = home.sources.resolve()
    return {
        name: declaration
        for name, declaration in found.items()
        if name == "submission" or own in declaration.folder.resolve().parents
    }


def files_of(home: Home, declaration: Declaration) -> Iterator[Path]:
    """The files that lie ready for a source: its bundled ones, then its inbox, each by name."""
    for folder in (declaration.folder / "files", home.inbox / declaration.source):
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if path.is_file() and not _unfinished(path):
                    yield path


def receive(home: Home, declarations: Mapping[str, Declaration]) -> Intake:
    """Archive every new file of every source and log its receipt.

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
            receipt = keep(home.archive, name, path, known)
            if receipt:
                intake.received.append(receipt)
    intake.notices.extend(_strays(home, declarations))
    return intake


def _strays(home: Home, declarations: Mapping[str, Declaration]) -> Iterator[tuple[str, dict[str, object]]]:
    if not home.inbox.is_dir():
        return
    for path in sorted(home.inbox.iterdir()):
        if path.is_dir() and path.name not in declarations:
            yield "inbox.unknown_source", {"folder": path, "known": ", ".join(sorted(declarations))}
        elif path.is_file() and not _unfinished(path):
            yield "inbox.file_outside_source", {"file": path, "known": ", ".join(sorted(declarations))}


def _unfinished(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.lower().endswith(UNFINISHED)
