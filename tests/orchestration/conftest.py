"""A home without the bundled data, and the definitions as Dagster loads them."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import tongji
from orchestration.definitions import assemble
from orchestration.lineage import Lineage
from orchestration.transformation import Transformation
from warehouse.home import Home

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.ensure()
    made.config.write_text("bundled: false\n", encoding="utf-8")
    return made


@pytest.fixture
def submit(home: Home) -> Callable[..., Path]:
    """Puts a submission into the inbox."""

    def write(*rows: str, name: str = "report.csv") -> Path:
        path = home.inbox / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def type_(home: Home, monkeypatch: pytest.MonkeyPatch):
    """Types a command in this process, where what is heavy is imported once for all tests."""
    monkeypatch.setenv("TONGJI_HOME", str(home.root))
    monkeypatch.setenv("TONGJI_LANG", "en")

    def type_in(*arguments: str) -> Result:
        return CliRunner().invoke(tongji, arguments, prog_name="tongji")

    return type_in


@pytest.fixture(scope="session")
def bundled_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the bundled sources, in which nothing was run."""
    return Home(tmp_path_factory.mktemp("definitions") / "home")


@pytest.fixture(scope="session")
def definitions(bundled_home: Home) -> dg.Definitions:
    return assemble(bundled_home)


@pytest.fixture(scope="session")
def lineage(definitions: dg.Definitions, bundled_home: Home) -> Lineage:
    return Lineage(Transformation(bundled_home).manifest(), ["national", "submission"])
