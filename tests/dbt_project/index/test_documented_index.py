"""The index that the guide declares as an example is one that is computed."""

import random
import re
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.dbt_project.index.derivation import Derivation
from warehouse.home import Home
from warehouse.policy.registers import supplements
from warehouse.policy.supplement import columns

GUIDE = (CHECKOUT / "docs" / "composite-index.md").read_text(encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the files of the example."""
    home = Home(tmp_path / "home")
    home.ensure()
    home.registers.mkdir(exist_ok=True)
    nodes, variants = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    (home.registers / "composite_index.csv").write_text(nodes, encoding="utf-8")
    (home.registers / "index_variant.csv").write_text(variants, encoding="utf-8")
    return home


def test_the_example_of_the_guide_passes_the_registers(home: Home) -> None:
    rows = supplements(home, {})
    assert rows["composite_index"]
    assert rows["index_variant"]


def test_every_column_of_the_draws_is_explained() -> None:
    drawing = [name for name in columns("index_variant") if name.startswith("draw")]
    assert drawing
    for name in (*drawing, "weight_spread_pct", "seed"):
        assert f"| `{name}` |" in GUIDE, name


def test_the_example_of_the_guide_has_scores_and_intervals(home: Home) -> None:
    derivation = Derivation()
    rows = supplements(home, {})
    for register in ("composite_index", "index_variant"):
        said = [{name: text for name, text in row.items() if text} for row in rows[register]]
        derivation.put(f"stg_{register}", said)
    derivation.areas([f"{at}0000" for at in range(11, 41)], level="province", parent="000000")
    made = random.Random(1)
    for indicator, area_type, low, high in (
        ("disposable_income_per_capita", "urban", 20_000, 80_000),
        ("disposable_income_per_capita", "rural", 8_000, 40_000),
        ("urban_rural_income_ratio", "total", 1.5, 3.5),
    ):
        derivation.values(
            (f"{at}0000", year, indicator, area_type, made.uniform(low, high))
            for at in range(11, 41)
            for year in (2017, 2018, 2019)
        )
    directions = {"disposable_income_per_capita": 1, "urban_rural_income_ratio": -1}
    derivation.put(
        "dim_indicator", [{"indicator": name, "direction": one} for name, one in directions.items()]
    )
    derivation.derive()
    found = derivation.rows(
        "select variant, ref_year, count(score_index), count(rank_p05), max(draws) from mart_composite_index"
        " where node = 'index' group by all order by all"
    )
    assert found == [
        *(("each_year", year, 30, 0, None) for year in (2017, 2018, 2019)),
        ("goalposts", 2017, 30, 0, None),
        *(("goalposts", year, 30, 30, 1000) for year in (2018, 2019)),
    ]
