"""Figures that are published, or computed by hand from published ones, queried from a release made of their inputs."""

import csv
import datetime
from pathlib import Path

import pytest
import yaml

from tests.conftest import Released
from tests.dbt_project.index.four_areas import AREA_GROUP, write_registers
from warehouse.home import Home
from warehouse.query import open_release

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE,VINTAGE"
INCOME, POPULATION = "disposable_income_per_capita", "resident_population"
RESIDENT, REGISTERED = "resident_urbanization_rate", "registered_urbanization_rate"
# An area of which only the printed ratios are known.
PRINTED = "N-PRINTED"


def incomes(area: str, year: int, urban: float, rural: float) -> list[str]:
    """Urban and rural income of an area."""
    return [f"{area},{year},{INCOME},urban,{urban},元,", f"{area},{year},{INCOME},rural,{rural},元,"]


INPUTS = [
    *incomes("000000", 2019, 42359, 16021),
    *incomes("000000", 2020, 43834, 17131),
    *incomes("000000", 2021, 47412, 18931),
    *incomes("000000", 2023, 51821, 21691),
    *incomes("000000", 2024, 54188, 23119),
    *incomes("610100", 2024, 53678, 21185),
    *incomes("330000", 2024, 78251, 42786),
    *incomes("330122", 2024, 69410, 45071),
    f"000000,2020,{INCOME},total,32189,元,",
    f"000000,2021,{INCOME},total,35128,元,",
    "000000,2021,median_disposable_income_per_capita,total,29975,元,",
    "000000,2021,wage_income_per_capita,total,19629,元,",
    "000000,2021,business_income_per_capita,total,5893,元,",
    "000000,2021,property_income_per_capita,total,3076,元,",
    "000000,2021,transfer_income_per_capita,total,6531,元,",
    f"000000,2020,{POPULATION},urban,901991162,人,",
    f"000000,2020,{POPULATION},rural,509787562,人,",
    f"000000,2020,{RESIDENT},total,63.89,%,",
    f"000000,2020,{REGISTERED},total,45.4,%,",
    f"000000,2018,{RESIDENT},total,59.58,%,2019-02-28",
    f"000000,2018,{REGISTERED},total,43.37,%,2019-02-28",
    f"000000,2018,{RESIDENT},total,61.50,%,2021-09-30",
    f"000000,2021,{POPULATION},urban,91425,万人,",
    f"000000,2021,{POPULATION},rural,49835,万人,",
    f"460100,2022,{INCOME},total,38361,元,",
    "460100,2022,wage_income_per_capita,total,25244,元,",
    f"460100,2023,{INCOME},total,40962,元,",
    "460100,2023,wage_income_per_capita,total,26837,元,",
    "460100,2023,business_income_per_capita,total,5347,元,",
    "460100,2023,property_income_per_capita,total,3381,元,",
    "460100,2023,transfer_income_per_capita,total,5397,元,",
    f"331122,2023,{RESIDENT},total,60.4,%,",
    "331122,2023,registered_population,urban,15.26,万人,",
    "331122,2023,registered_population,total,46.46,万人,",
    "330400,2020,urban_rural_income_ratio,total,1.61,倍,",
    "330400,2022,urban_rural_income_ratio,total,1.56,倍,",
    f"{PRINTED},2020,urban_rural_income_ratio,total,2.56,倍,",
    f"{PRINTED},2024,urban_rural_income_ratio,total,2.34,倍,",
]

TARGETS = [
    "target_id,ref_area,indicator,area_type,comparator,value,unit,kind,commitment,base_year,target_year",
    "nation,000000,urban_rural_income_ratio,total,about,1.8,倍,target,stated,2020,2035",
    f"printed,{PRINTED},urban_rural_income_ratio,total,about,1.8,倍,target,stated,2020,2035",
]

SOURCE = {
    "source": "printed",
    "title": {"en": "An area", "zh": "一个地区"},
    "producer": "a test",
    "citation": "none",
    "licence": "none",
    "frequency": "A",
    "authority": "report",
    "layout": {"kind": "tidy"},
    "areas": [{"ref_area": PRINTED, "name": {"en": "Printed", "zh": "只有公布数的地区"}, "level": "special"}],
    "area_groups": [AREA_GROUP],
}


def value(indicator: str, area: str, year: int, column: str = "value") -> str:
    """A query of the long relation."""
    return (
        f"select {column} from marts.mart_indicator_value where indicator = '{indicator}'"
        f" and ref_area = '{area}' and ref_year = {year} and area_type = 'total'"
    )


def progress(target: str, method: str, year: int, column: str) -> str:
    """A query of the progress to a target."""
    return (
        f"select {column} from marts.mart_target_progress where target_id = '{target}'"
        f" and method = '{method}' and assessment_year = {year}"
    )


def score(variant: str, area: str) -> str:
    """A query of the index of four areas."""
    return (
        "select score_index from marts.mart_composite_index where index_id = 'four_areas' and node = 'index'"
        f" and ref_year = 2024 and variant = '{variant}' and ref_area = '{area}'"
    )


def ratio(area: str, year: int) -> str:
    """The ratio as it is published."""
    return value("urban_rural_income_ratio", area, year, "value_published")


JIAXING, JIANDE = "004.urban_rural_income_ratio.2025", "002.industrial_output.2027"
INEQUALITY = "select {} from marts.mart_income_inequality where ref_area = '000000' and ref_year = 2020"
PARTS = (
    "select distinct residual_cny from marts.mart_income_structure where ref_area = '{}' and ref_year = {}"
    " and area_type = 'total'"
)
GAP = "select urbanization_gap_pp_published from marts.mart_urbanization_gap where ref_area = '{}' and ref_year = {}"

# Of each row of the collection: the query, and the figure it must give where the row states it in words.
QUERIES: dict[str, tuple[str, float | None]] = {
    "G01": (ratio("000000", 2020), 2.56),
    "G02": (ratio("000000", 2021), 2.50),
    "G03": (ratio("000000", 2023), 2.39),
    "G04": (ratio("000000", 2024), 2.34),
    "G05": (ratio("610100", 2024), 2.53),
    "G08": (ratio("330000", 2024), 1.83),
    "G11": (value("ratio_change", "000000", 2020, "value_published"), -0.08),
    "G12": (value(RESIDENT, "000000", 2020, "alternative_value"), None),
    "G13": (value("urbanization_gap", "000000", 2020), None),
    "G14": (GAP.format("000000", 2018), None),
    "G15": (value(RESIDENT, "000000", 2021), None),
    "G16": (PARTS.format("000000", 2021), -1),
    "G17": (PARTS.format("460100", 2023), 40962 - (26837 + 5347 + 3381 + 5397)),
    "G19": (value("wage_income_contribution", "460100", 2023), None),
    "G21": (value("median_to_mean_income", "000000", 2021), None),
    "G25": (value("urbanization_gap", "331122", 2023), None),
    "G26": (INEQUALITY.format("theil_t"), None),
    "G27": (INEQUALITY.format("theil_l"), None),
    "G28": (INEQUALITY.format("gini_between"), None),
    "G29": (
        (
            "select compound_growth_pct from marts.mart_compound_growth where ref_area = '000000'"
            f" and area_type = 'rural' and indicator = '{INCOME}' and ref_year = 2024 and since_year = 2020"
        ),
        None,
    ),
    "G31": (
        f"select required_rate_from_base_pct from marts.mart_target_progress where target_id = '{JIANDE}'",
        None,
    ),
    "G33": (progress("printed", "growth", 2024, "progress_ratio"), None),
    "G34": (progress(JIAXING, "growth", 2022, "progress_ratio"), None),
    "G35": (progress("printed", "escap", 2024, "current_status_index"), None),
    "G36": (
        (
            "select weight from marts.mart_index_weight where index_id = 'four_areas' and variant = 'entropy'"
            " and ref_year = 2024 and node = 'ratio'"
        ),
        0.448801,
    ),
    "G37": (score("entropy", "330000"), None),
    "G38": (score("geometric", "000000"), None),
    "G41": (value("implied_urban_weight", "000000", 2020), None),
    "G43": (progress("nation", "growth", 2024, "progress_ratio"), None),
    "G44": (progress("nation", "escap", 2024, "current_status_index"), None),
    "G45": (GAP.format("000000", 2018), None),
}
AS_OF = {"G14": datetime.date(2019, 12, 31)}
TOLERANCES = {"exact on rounded": 1e-12, "0": 1e-12, "abs<=2": 1e-12}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """A release of the inputs and nothing else."""
    made = Released(Home(tmp_path_factory.mktemp("golden") / "home"))
    home = made.home
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    folder = home.sources / "printed"
    folder.mkdir()
    (folder / "source.yml").write_text(yaml.safe_dump(SOURCE, allow_unicode=True), encoding="utf-8")
    (home.inbox / "submission").mkdir()
    (home.inbox / "submission" / "inputs.csv").write_text(
        "\n".join([HEADER, *INPUTS]) + "\n", encoding="utf-8"
    )
    (home.registers / "target.csv").write_text("\n".join(TARGETS) + "\n", encoding="utf-8")
    write_registers(home.registers)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def collection(shared: Path) -> dict[str, dict[str, str]]:
    """The collected figures, by id."""
    with (shared / "domain" / "golden.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["test_id"]: row for row in csv.DictReader(file)}


@pytest.mark.corpus
def test_every_collected_figure_is_asked_for(shared: Path) -> None:
    assert collection(shared).keys() == QUERIES.keys()


@pytest.mark.corpus
@pytest.mark.parametrize("name", QUERIES)
def test_a_published_figure_is_reproduced(name: str, golden: Released, shared: Path) -> None:
    row = collection(shared)[name]
    sql, stated = QUERIES[name]
    expected = stated if stated is not None else float(row["expected_exact"] or row["expected_published"])
    with open_release(golden.home, as_of=AS_OF.get(name)) as connection:
        ((found,),) = connection.execute(sql).fetchall()
    assert found == pytest.approx(expected, abs=TOLERANCES.get(row["tolerance"]) or float(row["tolerance"]))


def test_a_difference_of_published_ratios_is_not_the_unrounded_one(golden: Released) -> None:
    (found,) = golden.rows(
        "select ratio_change_published, unrounded_change_of_ratio from marts.mart_urban_rural_income"
        " where ref_area = '000000' and ref_year = 2020"
    )
    assert found == (-0.08, pytest.approx(-0.085214, abs=1e-6))


def test_exact_incomes_say_what_printed_ratios_leave_open(golden: Released) -> None:
    found = golden.rows(
        "select target_id, status, warning_level, progress_ratio_low, progress_ratio_high"
        " from marts.mart_target_progress where is_headline and assessment_year = 2024"
        " and target_id in ('nation', 'printed') and method = 'growth'"
        " order by 1"
    )
    assert found == [
        ("nation", "acceleration_needed", "yellow", *[pytest.approx(0.935885, abs=1e-6)] * 2),
        ("printed", "indeterminate", "grey", pytest.approx(0.919, abs=5e-4), pytest.approx(0.995, abs=5e-4)),
    ]


def test_a_target_that_is_reached_before_its_year_is_met_early(golden: Released) -> None:
    assert golden.rows(progress(JIAXING, "growth", 2022, "status, warning_level, is_headline")) == [
        ("met_early", "blue", True)
    ]
