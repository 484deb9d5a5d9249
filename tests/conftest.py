"""What every test may need: the ground it stands on, and an honest word where that is missing.

A test that needs something a user's machine may lack says so by a marker or by asking for a fixture below. Where the
thing is absent the test is skipped with the reason; under TONGJI_REQUIRE_ALL=1 it fails instead, so that nothing is
ever skipped unseen where everything is meant to be there. Fixtures of one room stand in that room's conftest.py.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine is slow now and then; what a property costs is no property.
settings.register_profile("tongji", deadline=None)
settings.load_profile("tongji")

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = CHECKOUT.parent / "shared"
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
    if item.get_closest_marker("corpus"):
        require(SHARED.is_dir(), "the collected public files are not beside this checkout")
    if item.get_closest_marker("browser"):
        require(_chromium(), "no Chromium on the PATH")


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
