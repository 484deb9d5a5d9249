"""The source that takes the simplest input."""

import pytest

from sources.catalog import find_sources
from sources.declared.source import Declaration
from warehouse.home import BUNDLED_SOURCES


@pytest.fixture(scope="session")
def submission() -> Declaration:
    return find_sources([BUNDLED_SOURCES])["submission"]
