"""What a release is: its manifest, and finding the releases that are there. Light, so that it can be asked often."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from warehouse.errors import WarehouseError
from warehouse.home import Home

DATABASE = "marts.duckdb"
CURRENT = "current"
# What begins so is half done, and removed by the next release.
UNFINISHED = ".unfinished-"
# Points at the release that is about to come into force; the swap turns this very link into `current`.
COMING = f"{UNFINISHED}release"


@dataclass(frozen=True)
class Manifest:
    """The paper that goes with a release.

    Attributes:
        release_id: sorts by the time of creation.
        created_at: UTC, ISO 8601.
        previous_release_id: what was current before.
        input_digest: of everything the release depends on; empty when partitions were left pending.
        code_version: version of the software.
        rows: rows per public relation.
        digests: digest of the content per public relation.
        counts: observations, flags by severity, quarantined, rejected.
        as_of: per relation that can be read as of a day, its query over the stored relations.
        files: sha-256 of each file of the quality report.
    """

    release_id: str
    created_at: str
    previous_release_id: str | None
    input_digest: str
    code_version: str
    rows: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    as_of: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into a release folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a release folder.

    Raises:
        WarehouseError: `release.damaged` when it is missing or cannot be read.
    """
    path = folder / "manifest.json"
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
        if not all(isinstance(part, Mapping) for part in (manifest.rows, manifest.counts, manifest.as_of)):
            raise TypeError("rows, counts and as_of must be objects")
        return manifest
    except (OSError, ValueError, TypeError) as error:
        raise WarehouseError("release.damaged", file=path, problem=str(error).splitlines()[0]) from error


def current_id(home: Home) -> str | None:
    """The id of the release in force, whatever state it is in; None before the first one."""
    link = home.releases / CURRENT
    return link.resolve().name if link.is_symlink() and link.exists() else None


def current(home: Home) -> Manifest | None:
    """The release in force, or None before the first one.

    Raises:
        WarehouseError: `release.damaged`.
    """
    release_id = current_id(home)
    return read_manifest(home.releases / release_id) if release_id else None


def release_folders(home: Home) -> list[Path]:
    """The folders of all releases, the newest first; one that never came into force is none."""
    if not home.releases.is_dir():
        return []
    coming = (home.releases / COMING).resolve()
    folders = [
        path
        for path in home.releases.iterdir()
        if path.is_dir() and not path.is_symlink() and path.name[0].isdigit() and path.resolve() != coming
    ]
    return sorted(folders, reverse=True)


def list_releases(home: Home) -> list[Manifest]:
    """All releases whose manifest can be read, the newest first."""
    found = []
    for folder in release_folders(home):
        with suppress(WarehouseError):
            found.append(read_manifest(folder))
    return found


def release_folder(home: Home, release_id: str | None = None) -> Path:
    """The folder of a release; of the current one when none is named. The symlink is resolved once, here.

    Raises:
        WarehouseError: `release.none` before the first release, `release.unknown` for a name that is not there.
    """
    if release_id in (None, CURRENT):
        link = home.releases / CURRENT
        if not link.exists():
            raise WarehouseError("release.none", home=home.root)
        return link.resolve()
    folder = home.releases / str(release_id)
    if folder not in release_folders(home):
        known = ", ".join(manifest.release_id for manifest in list_releases(home)[:5])
        raise WarehouseError("release.unknown", release=release_id, known=known or "-")
    return folder.resolve()
