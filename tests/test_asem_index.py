"""A second composite index, declared by a bureau under its own home: the one of 51 countries that is COINr's example.

Its figures are those of the R package COINr (MIT licence), which published them after each step.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from orchestration.reviewer import Asked, take
from tests.conftest import Released
from warehouse.home import Home
from warehouse.policy.supplement import columns

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

YEAR = 2018
MISSING = ("", "NA")
Table = list[dict[str, str]]
STEPS = {
    "denominate": "by_denominator", "impute": "parent_mean", "treat": "winsorise_or_log", "winsorised_points": "6",
    "normalise": "min_max", "reference": "by_year", "scale_low": "0", "scale_high": "100", "weigh": "expert",
    "aggregate": "arithmetic",
}  # fmt: skip


@pytest.fixture(scope="module")
def table(shared: Path) -> Callable[[str], Table]:
    """A published table by its name."""

    def read(name: str) -> Table:
        with (shared / "corpus" / "asem" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


def indicator(code: str) -> str:
    return f"asem_{code.lower()}"


def columns_of(table: Callable[[str], Table]) -> dict[str, list[str]]:
    """The columns with figures of each table with figures."""
    return {
        "Input.IndData": [row["IndCode"] for row in table("Input.IndMeta")],
        "Input.Denominators": [name for name in table("Input.Denominators")[0] if name.startswith("Den_")],
    }


def source(table: Callable[[str], Table]) -> dict[str, Any]:
    codes = [code for codes in columns_of(table).values() for code in codes]
    countries = table("Input.IndData")
    return {
        "source": "asem",
        "title": {"en": "Sustainable connectivity of ASEM countries", "zh": "亚欧会议国家可持续联通"},
        "producer": "Joint Research Centre",
        "citation": "R package COINr, data sets ASEM",
        "licence": "MIT",
        "frequency": "A",
        "authority": "report",
        "vintage": "2019-12-31",
        "max_quarantined_pct": 100,
        "layout": {"kind": "tidy"},
        "units": [{"text": "AS PRINTED", "unit_measure": "POINTS", "multiplier": 1}],
        "indicators": [
            {
                "indicator": indicator(code), "name": {"en": f"ASEM {code}", "zh": f"亚欧{code}"},
                "unit_measure": "POINTS", "display_unit": "as printed", "definition": code, "basis": "asem",
            }
            for code in codes
        ],
        "areas": [
            *(
                {"ref_area": region, "name": {"en": region, "zh": region}, "level": "special"}
                for region in ("EUROPE", "ASIA")
            ),
            *(
                {
                    "ref_area": row["UnitCode"], "name": {"en": row["UnitName"], "zh": row["UnitName"]},
                    "level": "special", "parent": row["Group_EurAsia"].upper(),
                }
                for row in countries
            ),
        ],
        "area_groups": [
            {
                "area_group": "asem", "name": {"en": "ASEM", "zh": "亚欧会议"}, "citation": "COINr",
                "ref_areas": [row["UnitCode"] for row in countries],
            }
        ],
    }  # fmt: skip


def nodes(table: Callable[[str], Table]) -> Table:
    weights = {row["Code"]: row["Weight"] for row in table("Parameters.Weights.Original")}
    leaves = table("Input.IndMeta")
    parents = {row["Agg1"]: row["Agg2"] for row in leaves} | {row["Agg2"]: "index" for row in leaves}
    rows = [{"node": "index", "parent": "", "weight": ""}]
    rows += [{"node": node, "parent": parent, "weight": weights[node]} for node, parent in parents.items()]
    rows += [
        {
            "node": row["IndCode"], "parent": row["Agg1"], "weight": weights[row["IndCode"]],
            "indicator": indicator(row["IndCode"]), "direction": str(int(float(row["Direction"]))),
            "denominator": indicator(row["Denominator"]) if row["Denominator"].startswith("Den_") else "",
        }
        for row in leaves
    ]  # fmt: skip
    # The published index screens no country for what it lacks.
    told = {"index_id": "asem", "min_present_share": "0", "reason": "COINr"}
    return [{**told, "name_zh": row["node"], "name_en": row["node"], **row} for row in rows]


def write(path: Path, header: list[str], rows: Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, table: Callable[[str], Table]) -> Released:
    home = Home(tmp_path_factory.mktemp("asem") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    declared = source(table)
    folder = home.sources / "asem"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    figures = [
        {
            "REF_AREA": row["UnitCode"], "TIME_PERIOD": str(YEAR), "INDICATOR": indicator(code), "AREA_TYPE": "total",
            "OBS_VALUE": row[code], "UNIT_MEASURE": "AS PRINTED",
        }
        for name, codes in columns_of(table).items()
        for row in table(name)
        for code in codes
        if row[code] not in MISSING
    ]  # fmt: skip
    header = list(figures[0])
    write(home.inbox / "asem" / "asem.csv", header, figures)
    write(home.registers / "composite_index.csv", columns("composite_index"), nodes(table))
    variant = {"index_id": "asem", "variant": "published", "name_zh": "已发布", "name_en": "As published"}
    variant |= {"is_headline": "true", "area_group": "asem", **STEPS}
    write(home.registers / "index_variant.csv", columns("index_variant"), [variant])
    made = Released(home)
    refresh(made)
    # What stands apart from the other countries is held back until somebody says that it is right.
    held = made.rows("select flag_id from marts.mart_quality_flag where severity = 'error'")
    assert held
    for (flag_id,) in held:
        take(home, Asked(flag_id, "accept", "as published with COINr"))
    refresh(made)
    return made


def refresh(made: Released) -> None:
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("stage", "column"),
    [
        ("Data.Denominated", "value_denominated"),
        ("Data.Imputed", "value_imputed"),
        ("Data.Treated", "value_treated"),
        ("Data.Normalised", "value_normalised"),
    ],
)
def test_each_step_gives_the_published_values(
    made: Released, table: Callable[[str], Table], stage: str, column: str
) -> None:
    found = {
        (area, node): value
        for area, node, value in made.rows(
            f"select ref_area, node, {column} from marts.mart_index_indicator where index_id = 'asem'"
        )
    }
    codes = [row["IndCode"] for row in table("Input.IndMeta")]
    published = {(row["UnitCode"], code): row[code] for row in table(stage) for code in codes}
    assert found.keys() == published.keys()
    for key, text in published.items():
        if text in MISSING:
            assert found[key] is None, key
        else:
            assert found[key] == pytest.approx(float(text), rel=1e-6, abs=1e-6), key


def test_the_same_points_are_drawn_in(made: Released, table: Callable[[str], Table]) -> None:
    words = {"WHigh": "winsorised_high", "WLow": "winsorised_low", "No": "none"}
    flags = table("Analysis.Treated.TreatFlags")
    published = {
        (row["UnitCode"], code): words[flag]
        for row in flags
        for code, flag in row.items()
        if code != "UnitCode"
    }
    found = made.rows(
        "select ref_area, node, treatment from marts.mart_index_indicator where index_id = 'asem'"
    )
    assert {(area, node): treatment for area, node, treatment in found} == published


def test_scores_and_ranks_are_those_of_an_independent_computation(
    made: Released, table: Callable[[str], Table]
) -> None:
    leaves = table("Input.IndMeta")
    weights = {row["Code"]: float(row["Weight"]) for row in table("Parameters.Weights.Original")}
    normalised = table("Data.Normalised")
    columns = {row["IndCode"]: np.array([float(one[row["IndCode"]]) for one in normalised]) for row in leaves}
    for below, above in (("IndCode", "Agg1"), ("Agg1", "Agg2"), ("Agg2", "Agg3")):
        for parent in {row[above] for row in leaves}:
            children = sorted({row[below] for row in leaves if row[above] == parent})
            stacked = np.stack([columns[child] for child in children])
            columns[parent] = np.average(stacked, axis=0, weights=[weights[child] for child in children])
    names = {row[level] for row in leaves for level in ("Agg1", "Agg2", "Agg3")}
    found = made.rows(
        "select node, ref_area, score_index, rank, peers from marts.mart_composite_index where index_id = 'asem'"
    )
    expected = {
        ("index" if name == "Index" else name, row["UnitCode"]): (
            score,
            1 + int(sum(columns[name] > score + 1e-9)),
        )
        for name in names
        for row, score in zip(normalised, columns[name], strict=True)
    }
    assert {(node, area) for node, area, *_ in found} == expected.keys()
    for node, area, score, rank, peers in found:
        assert score == pytest.approx(expected[node, area][0], abs=1e-6)
        assert (rank, peers) == (expected[node, area][1], len(normalised))


def test_what_is_imputed_is_not_counted_as_present(made: Released, table: Callable[[str], Table]) -> None:
    codes = [row["IndCode"] for row in table("Input.IndMeta")]
    known = {
        row["UnitCode"]: sum(row[code] not in MISSING for code in codes) for row in table("Data.Denominated")
    }
    found = made.rows(
        "select ref_area, indicators_present, indicators from marts.mart_composite_index"
        " where index_id = 'asem' and node = 'index'"
    )
    assert {area: present for area, present, _ in found} == known
    assert {whole for *_, whole in found} == {len(codes)}
