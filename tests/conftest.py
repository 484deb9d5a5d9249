"""What every test may need: the ground it stands on, and an honest word where that is missing.

A test that needs something a user's machine may lack says so by a marker or by asking for a fixture below. Where the
thing is absent the test is skipped with the reason; under TONGJI_REQUIRE_ALL=1 it fails instead, so that nothing is
ever skipped unseen where everything is meant to be there. Fixtures of one room stand in that room's conftest.py.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from orchestration.transformation import PARSED
from tests.serving import Serving
from warehouse import settling
from warehouse.home import Home
from warehouse.query import open_release

# A shared machine is slow now and then; what a property costs is no property.
settings.register_profile("tongji", deadline=None)
settings.load_profile("tongji")

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = CHECKOUT.parent / "shared"
PARSED_BEFORE: list[Path] = []
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def require(present: object, reason: str) -> None:
    """Skips the running test unless `present`; fails it under TONGJI_REQUIRE_ALL=1."""
    if present:
        return
    if os.environ.get("TONGJI_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and TONGJI_REQUIRE_ALL=1 allows no skip", pytrace=False)
    pytest.skip(reason)


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Looks after the markers, before any fixture of the test is made."""
    if item.get_closest_marker("corpus") and not SHARED.is_dir():
        # No program that could be installed: they are not ours to bring along.
        pytest.skip("the collected public files are not beside this checkout")
    if item.get_closest_marker("browser"):
        require(_chromium(), "no Chromium on the PATH")


@pytest.fixture(scope="session", autouse=True)
def _files_are_whole_at_once() -> Iterator[None]:
    """In the tests' own process nobody waits for files to settle but the tests of just that."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settling, "SETTLING_SECONDS", 0.0)
        yield


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The collected public files; for tests marked `corpus`."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; for tests marked `browser`."""
    program = _chromium()
    require(program, "no Chromium on the PATH")
    assert program is not None
    return program


@pytest.fixture(params=["1.4", "1.5"])
def older_duckdb(request: pytest.FixtureRequest) -> tuple[list[str], dict[str, str]]:
    """A Python with an older DuckDB: the start of its command line, and its environment variables."""
    folder = CHECKOUT / ".venv" / f"duckdb-{request.param}"
    require((folder / "duckdb").is_dir(), f"DuckDB {request.param} is not installed: run make test")
    return [sys.executable], {**os.environ, "PYTHONPATH": str(folder)}


@pytest.fixture
def serving() -> Iterator[Serving]:
    """A service on this machine, which replies as it is told."""
    service = Serving()
    yield service
    service.close()


@dataclass(frozen=True)
class Released:
    """A home with a release, and the command line as a user has it: a program of its own."""

    home: Home

    def tongji(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the program, in English unless `TONGJI_LANG` is given."""
        if "refresh" in arguments:
            self._share_what_was_parsed()
        return subprocess.run(
            [str(Path(sys.executable).with_name("tongji")), *arguments],
            env=os.environ | {"TONGJI_HOME": str(self.home.root), "TONGJI_LANG": "en"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def _share_what_was_parsed(self) -> None:
        """What the first home of a session parsed of the dbt project is lent to the others: it spares seconds each."""
        own = self.home.dbt_target / PARSED
        if own.is_dir():
            PARSED_BEFORE.append(own)
        lent = next((folder for folder in PARSED_BEFORE if folder.is_dir()), None)
        if lent and not own.is_dir():
            shutil.copytree(lent, own)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query against the release in force."""
        with open_release(self.home) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The bundled data, refreshed once for the whole session; tests only read it."""
    made = Released(Home(tmp_path_factory.mktemp("released") / "home"))
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made
