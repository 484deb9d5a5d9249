"""A throw-away home that holds what a home holds, in which anything may be tried and nothing is kept.

Here: what of a home is copied and what is only pointed at. Not here: what is tried (`orchestration/check.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from warehouse.archive import RECEIPT_LOG, content_path, receipts
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.lock import unwritten
from warehouse.settings import load_settings


@contextmanager
def rehearsal(home: Home) -> Iterator[Home]:
    """A temporary home with the archive, sources, reviews, settings and observations of another, and an empty inbox.

    Nothing is written to the original. Its build database is copied unless a refresh is writing to it; then, as before
    the first refresh, the throw-away home computes everything anew from the archive.

    Raises:
        WarehouseError: `rehearsal.impossible` when there is no room for the copy.
    """
    with TemporaryDirectory(prefix="tongji-", ignore_cleanup_errors=True) as folder:
        double = Home(Path(folder))
        try:
            _furnish(double, home)
        except OSError as error:
            problem = error.strerror or str(error)
            raise WarehouseError("rehearsal.impossible", folder=folder, problem=problem) from error
        yield double


def _furnish(double: Home, home: Home) -> None:
    shared = (
        (home.sources, double.sources),
        (home.reviews, double.reviews),
        (home.registers, double.registers),
    )
    for original, link in shared:
        if original.is_dir():
            link.symlink_to(original.resolve(), target_is_directory=True)
    # Whoever tries a file asks no service: what one answers is no part of the file.
    settings = load_settings(home).model_copy(update={"services": False})
    double.config.write_text(yaml.safe_dump(settings.model_dump(mode="json")), encoding="utf-8")
    double.ensure()
    _copy_archive(double.archive, home.archive)
    with suppress(BlockingIOError, FileNotFoundError):
        _copy_build(double, home)


def _copy_archive(double: Path, archive: Path) -> None:
    """The receipt log as a copy, which may grow; what was received, by links that nothing is written through."""
    log = archive / RECEIPT_LOG
    if not log.exists():
        return
    shutil.copy(log, double / RECEIPT_LOG)
    for sha256 in {receipt.sha256 for receipt in receipts(double)}:
        link = content_path(double, sha256)
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(content_path(archive, sha256).resolve())


def _copy_build(double: Home, home: Home) -> None:
    """The build database and what dbt parsed, as they stand while no refresh writes them."""
    with unwritten(home):
        log = home.database.with_name(f"{home.database.name}.wal")
        if log.exists():
            shutil.copy(log, double.build / log.name)
        shutil.copy(home.database, double.database)
        with suppress(FileNotFoundError, shutil.Error):  # a cache: dbt makes it anew
            shutil.copytree(
                home.dbt_target, double.dbt_target, ignore=shutil.ignore_patterns("compiled", "run")
            )
