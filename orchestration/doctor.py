"""Whether this installation can work: each part is looked at, and what is wrong is named with its remedy.

Here: the examination. Not here: mending anything.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from orchestration.messages import sentence, text
from sources.errors import TongjiError
from warehouse.errors import WarehouseError
from warehouse.home import CHECKOUT, Home
from warehouse.lock import build_lock
from warehouse.manifest import current

PYTHONS = ((3, 11), (3, 13))
# A release, the build database and the copy that becomes the next release need room beside each other.
FREE_BYTES = 2 * 1024**3
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """One part of the installation; `problem` is None when it is sound."""

    part: str
    problem: str | None


def examine(home: Home) -> Iterator[Finding]:
    """Look at every part, whatever the others are like."""
    for name, look in PARTS.items():
        try:
            look(home)
            problem = None
        except TongjiError as error:
            problem = sentence(error)
        except OSError as error:
            problem = text("doctor.not_accessible", file=error.filename or home.root, problem=error.strerror)
        yield Finding(text(f"doctor.{name}"), problem)


def _python(_: Home) -> None:
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        raise WarehouseError("doctor.wrong_python", version=sys.version.split()[0])


def _packages(_: Home) -> None:
    locked = {name.lower().replace("_", "-"): version for name, version in LOCKED.findall(_lock())}
    wrong = []
    for requirement in metadata.requires("tongji") or ():
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")
        if "extra ==" not in requirement and name in locked:
            try:
                found = metadata.version(name)
            except metadata.PackageNotFoundError:
                found = "–"
            if found != locked[name]:
                wrong.append(f"{name} {found} ({locked[name]})")
    if wrong:
        raise WarehouseError("doctor.wrong_packages", packages=", ".join(wrong))


def _lock() -> str:
    return (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")


def _home(home: Home) -> None:
    home.ensure()
    for folder in (home.root, home.archive, home.build, home.releases):
        with tempfile.TemporaryFile(dir=folder):
            pass


def _space(home: Home) -> None:
    free = shutil.disk_usage(home.root).free
    if free < FREE_BYTES:
        raise WarehouseError("doctor.little_space", folder=home.root, free=f"{free / 1024**3:.1f}")


def _settings(home: Home) -> None:
    from warehouse.collection import declared_sources
    from warehouse.settings import load_settings

    declared_sources(home, load_settings(home))


def _rules(_: Home) -> None:
    from expectations.rulebook import load_rules

    load_rules()


def _reviews(home: Home) -> None:
    from expectations.review import ReviewLog
    from expectations.standing import standings
    from orchestration.answers import released_decisions

    standings(ReviewLog(home.reviews).verify(released_decisions(home)))


def _build(home: Home) -> None:
    from warehouse.build import open_build

    with build_lock(home):
        open_build(home).close()


def _release(home: Home) -> None:
    manifest = current(home)
    if manifest is None:
        raise WarehouseError("release.none", home=home.root)
    from orchestration.answers import ask

    says = ask(home, "select release_id from marts.release_info").item()
    if says != manifest.release_id:
        problem = f"{says} ≠ {manifest.release_id}"
        raise WarehouseError("release.damaged", file=home.releases / "current", problem=problem)


PARTS: dict[str, Callable[[Home], None]] = {
    "python": _python,
    "packages": _packages,
    "home": _home,
    "space": _space,
    "settings": _settings,
    "rules": _rules,
    "reviews": _reviews,
    "build": _build,
    "release": _release,
}
