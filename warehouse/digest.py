"""What "nothing changed" means: one digest over inputs, reviews, code, dbt project, rules, registry and lock.

It is compared before anything heavy is imported, so this module imports the standard library only
(and the light modules of this room).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sources.declaration import Declaration
from warehouse.archive import digest_of, receipts
from warehouse.collection import files_of
from warehouse.home import CHECKOUT, Home

CODE = ("sources", "warehouse", "expectations", "orchestration", "dbt_project")
CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".md"}


def project_digest() -> str:
    """Digest of the code: every room, the dbt project, the rules, the registry and the lock."""
    return _combine(_named_digests(CHECKOUT, _code_files()))


def input_digest(home: Home, declarations: Mapping[str, Declaration]) -> str:
    """Digest of everything a release depends on.

    It covers the project, the settings, the bureau's own sources, the receipt log, the files that lie ready,
    and the reviews. File names in the inbox do not count, their bytes do.
    """
    parts = [("project", project_digest())]
    parts += _named_digests(home.root, _files_under(home.reviews))
    parts += _named_digests(home.root, [home.config] if home.config.exists() else [])
    for name, declaration in sorted(declarations.items()):
        parts.append((f"source/{name}", digest_of(declaration.folder / "source.yml")))
        parts += sorted({(f"file/{name}", digest_of(path)) for path in files_of(home, declaration)})
    parts += sorted({(f"file/{receipt.source}", receipt.sha256) for receipt in receipts(home.archive)})
    return _combine(sorted(set(parts)))


def _code_files() -> Iterator[Path]:
    yield CHECKOUT / "requirements.lock"
    for room in CODE:
        for path in _files_under(CHECKOUT / room):
            if path.suffix in CODE_SUFFIXES and "files" not in path.parent.name:
                yield path


def _files_under(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _named_digests(root: Path, paths: Iterable[Path]) -> list[tuple[str, str]]:
    return [(path.relative_to(root).as_posix(), digest_of(path)) for path in paths if path.exists()]


def _combine(parts: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.sha256()
    for name, value in parts:
        digest.update(f"{name}\0{value}\n".encode())
    return digest.hexdigest()
