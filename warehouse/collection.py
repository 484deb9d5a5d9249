"""Which sources there are, and taking in what they sent: the first step of every refresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sources.catalog import find_sources
from sources.declared.source import Declaration
from warehouse.archive import Ledger, Place, Receipt, receipts
from warehouse.archive import receive as keep
from warehouse.errors import WarehouseError
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.policy.registers import supplements
from warehouse.register import check_names
from warehouse.settings import Settings
from warehouse.settling import still_written
from warehouse.unseen import is_unseen

# One file of which this is true is left out and named; the others are taken in.
LEFT_OUT = ("archive.file_changed", "inbox.unreadable_file")

# The source that takes the simplest input, always there.
SIMPLEST = "submission"

# Names that editors, office programs and copying tools use while a file is not yet whole.
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".swp")

Notice = tuple[str, dict[str, object]]
"""What a person should know that stops nothing: message code, details."""


@dataclass
class Intake:
    """What a refresh found: the new receipts, and what could not be taken in."""

    received: list[Receipt] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was missed that the next refresh could take in as it lies there."""
        return all(code != "archive.file_changed" for code, _ in self.notices)


def declared_sources(home: Home, settings: Settings) -> dict[str, Declaration]:
    """The sources in force, by name, once the registers of policy agree with them.

    Raises:
        TongjiError: what `sources_in_force` and `supplements` raise.
    """
    in_force = sources_in_force(home, settings)
    supplements(home, in_force)
    return in_force


def sources_in_force(home: Home, settings: Settings) -> dict[str, Declaration]:
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


def files_of(home: Home, declaration: Declaration) -> Iterator[tuple[Place, Path]]:
    """The files that lie ready for a source: its bundled ones by name, then its inbox, what was written last last."""
    for path in _data_files(declaration.folder / "files"):
        yield "bundled", path
    for path in sent_files(home, declaration.source):
        yield "inbox", path


def sent_files(home: Home, source: str) -> list[Path]:
    """The files in the inbox of a source, in the order in which they were written; none when it cannot be read."""
    with suppress(OSError):  # `receive` names a folder that cannot be read
        return sorted(_data_files(home.inbox / source), key=_written)
    return []


def receive(home: Home, declarations: Mapping[str, Declaration]) -> Intake:
    """Archive every new file of every source and log its receipt; one that cannot be read is a notice.

    Raises:
        WarehouseError: `source.files_missing` when a bundled source that declares files has lost their folder.
    """
    for declaration in declarations.values():
        folder = declaration.folder / "files"
        if declaration.files and BUNDLED_SOURCES in folder.parents and not folder.is_dir():
            raise WarehouseError("source.files_missing", source=declaration.source, folder=folder)
    intake = Intake()
    ledger = Ledger(receipts(home.archive))
    lying = [(name, place, path) for name, one in declarations.items() for place, path in files_of(home, one)]
    unfinished = still_written(path for _, place, path in lying if place == "inbox")
    for name, place, path in lying:
        if path in unfinished:
            intake.notices.append(("archive.file_changed", {"file": path}))
            continue
        try:
            receipt = keep(home.archive, name, path, ledger, place)
        except WarehouseError as error:
            if error.code not in LEFT_OUT:
                raise
            intake.notices.append((error.code, error.details))
            continue
        if receipt:
            intake.received.append(receipt)
    intake.notices.extend(strays(home, declarations))
    return intake


def strays(home: Home, declarations: Mapping[str, Declaration]) -> Iterator[tuple[str, dict[str, object]]]:
    """What lies in the inbox and is not read."""
    known = ", ".join(sorted(declarations))
    for path in sorted(home.inbox.iterdir()) if home.inbox.is_dir() else ():
        if path.is_dir() and path.name not in declarations:
            yield "inbox.unknown_source", {"folder": path, "known": known}
        elif path.is_dir():
            yield from _strays_of_source(path)
        elif path.is_file() and not _unfinished(path):
            yield "inbox.file_outside_source", {"file": path, "known": known}


def _strays_of_source(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        for path in sorted(folder.iterdir()):
            if _unfinished(path):
                continue
            shown = folder / _shown(path.name)
            if shown.name != path.name:
                yield "inbox.unsafe_name", {"file": shown}
            elif path.is_dir() and not path.is_symlink():
                yield "inbox.folder_inside_source", {"folder": path, "source": folder.name}
            elif not _lies_here(path):
                yield "inbox.no_file", {"file": path}
    except OSError as error:
        yield "inbox.unreadable_file", {"file": folder, "problem": error.strerror or str(error)}


def _written(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:  # it went away meanwhile, which its reader says
        return 0, path.name


def _data_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if not is_passed_over(path) and _lies_here(path)]


def _lies_here(path: Path) -> bool:
    """Whether it is a file of its folder: no pipe, no device, no link that leads away."""
    return path.is_file() and path.resolve().parent == path.parent.resolve()


def _shown(name: str) -> str:
    """The name with every sign escaped that would be unseen, would reorder what stands beside it, or is no text."""
    return "".join(ascii(sign)[1:-1] if is_unseen(sign) else sign for sign in name)


def is_passed_over(path: Path) -> bool:
    """Whether a refresh leaves a file alone for its name: not yet whole, not meant, or not safe to show."""
    return _unfinished(path) or _shown(path.name) != path.name


def _unfinished(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.lower().endswith(UNFINISHED)
