"""The bundled panel, ready to be planted in."""

import pytest

from tests.conftest import Released
from tests.quality.measure import is_known_fault
from tests.quality.panel import Cell, Panel


@pytest.fixture(scope="session")
def panel(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """The panel of the session's release; what is planted is gone after each judgement."""
    return Panel(released.home, tmp_path_factory.mktemp("panel"))


@pytest.fixture(scope="session")
def cell_of(panel: Panel):
    """Finds a clean cell by what it means."""

    def find(ref_area: str, ref_year: int, indicator: str, area_type: str = "total") -> Cell:
        wanted = (ref_area, ref_year, indicator, area_type)
        return next(
            cell
            for cell in panel.cells
            if (cell.ref_area, cell.ref_year, cell.indicator, cell.area_type) == wanted
            and not is_known_fault(cell)
        )

    return find
