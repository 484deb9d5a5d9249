"""What "nothing changed" means: one digest over inputs, reviews, code, dbt project, rules, registry and lock.

It is compared before anything heavy is imported, so this module imports the standard library only
(and the light modules of this room).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sources.declared.layout import VintageInName
from sources.declared.source import Declaration
from sources.guard.limits import Limits
from warehouse.archive import Ledger, digest_of, receipts
from warehouse.collection import files_of
from warehouse.home import CHECKOUT, Home
from warehouse.policy.supplement import register_files

CODE = ("sources", "warehouse", "expectations", "orchestration", "dbt_project")
CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".md"}


def project_digest() -> str:
    """Digest of the code: every room, the dbt project, the rules, the registry and the lock."""
    return _combine(_named_digests(CHECKOUT, _code_files()))


def reading_digest(declaration: Declaration, limits: Limits) -> str:
    """Digest of what decides how a source's files are read: its layout, the readers and their limits."""
    in_name = declaration.vintage if isinstance(declaration.vintage, VintageInName) else None
    layout = (declaration.layout, in_name)
    told = json.dumps([part and part.model_dump(mode="json") for part in layout], sort_keys=True).encode()
    readers = sorted((CHECKOUT / "sources").rglob("*.py"))
    parts = [("layout", hashlib.sha256(told).hexdigest()), ("limits", limits.model_dump_json())]
    return _combine([*parts, *_named_digests(CHECKOUT, readers)])


def meaning_digest(declarations: Mapping[str, Declaration]) -> str:
    """Digest of what decides what cells mean: the code, and every `source.yml` in force."""
    return _combine([("project", project_digest()), *_declared(declarations)])


def input_digest(home: Home, declarations: Mapping[str, Declaration]) -> str:
    """Digest of everything a release depends on.

    It covers the project, the settings, the bureau's own sources and registers, the reviews, and what each source
    stated in turn: the receipt log and what the files that lie ready add to it. A file that cannot be read counts
    once it can be.
    """
    parts = [("project", project_digest())]
    parts += _named_digests(home.root, [*_files_under(home.reviews), *register_files(home)])
    parts += _named_digests(home.root, [home.config] if home.config.exists() else [])
    parts += _declared(declarations)
    parts += [(f"file/{source}", " ".join(sent)) for source, sent in _statements(home, declarations).items()]
    return _combine(sorted(parts))


def _statements(home: Home, declarations: Mapping[str, Declaration]) -> dict[str, list[str]]:
    """The bytes that each source stated, in turn; the same before the files that lie ready are received and after."""
    log = list(receipts(home.archive))
    ledger = Ledger(log)
    stated: dict[str, list[str]] = {}
    for receipt in log:
        stated.setdefault(receipt.source, []).append(receipt.sha256)
    for name, declaration in declarations.items():
        for place, path in files_of(home, declaration):
            with suppress(OSError):
                sha256 = digest_of(path)
                if ledger.is_news(name, place, path.name, sha256):
                    ledger.enter(name, place, path.name, sha256)
                    stated.setdefault(name, []).append(sha256)
    return stated


def _declared(declarations: Mapping[str, Declaration]) -> list[tuple[str, str]]:
    return [
        (f"source/{name}", digest_of(declaration.folder / "source.yml"))
        for name, declaration in sorted(declarations.items())
    ]


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
