"""A jump that its source declares is told with the reason and asked about no more; a slip in that year is still one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Released
from warehouse.home import Home

SOURCE: dict[str, Any] = {
    "source": "county_census",
    "title": {"en": "Population by county", "zh": "分县人口"},
    "producer": "a bureau",
    "citation": "a yearbook",
    "licence": "none stated",
    "frequency": "A",
    "authority": "yearbook",
    "vintage": "2024-09-30",
    "max_quarantined_pct": 20,
    "layout": {"kind": "tidy"},
    "events": [
        {
            "indicator": "resident_population",
            "year": 2020,
            "reason": {"en": "the census found more residents", "zh": "普查查实常住人口"},
            "citation": "第七次全国人口普查公报",
            "ref_areas": ["330421", "330481"],
        }
    ],
}
HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE\n"
GROWTH = {year: 1.004 ** (year - 2010) for year in range(2010, 2025)}
DECLARED, UNDECLARED, TEN_TIMES = "330421", "330424", "330481"


def figures() -> str:
    """Two counties that grow by a fifth in 2020, one that was written ten times too large in it, and quiet ones."""
    rows = []
    quiet = {"330402": 61.37, "330411": 58.93, "330482": 67.11, "330483": 83.29}
    for area, start in {DECLARED: 48.17, UNDECLARED: 43.61, TEN_TIMES: 79.23, **quiet}.items():
        for year, growth in GROWTH.items():
            grown = 1.2 if area in (DECLARED, UNDECLARED) and year >= 2020 else 1
            wrong = 10 if (area, year) == (TEN_TIMES, 2020) else 1
            rows.append(
                f"{area},{year},resident_population,total,{round(start * growth * grown, 2) * wrong:.2f},万人"
            )
    return HEADER + "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Released:
    home = Home(tmp_path_factory.mktemp("event") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    _write(home.sources / "county_census" / "source.yml", yaml.safe_dump(SOURCE, allow_unicode=True))
    _write(home.inbox / "county_census" / "population.csv", figures())
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def flags(made: Released, area: str) -> list[tuple[Any, ...]]:
    """What is said of the jump of an area; that quiet figures lie on a line is no matter of it."""
    return made.rows(
        "select rule, severity, message_en, message_zh from marts.mart_quality_flag"
        f" where ref_area = '{area}' and ref_year = 2020 and rule <> 'interpolated_not' order by rule"
    )


def status(made: Released, area: str) -> list[tuple[Any, ...]]:
    return made.rows(
        f"select quality_status from marts.fct_observation where ref_area = '{area}' and ref_year = 2020"
    )


def test_a_declared_jump_is_information_with_its_reason_and_the_value_passes(made: Released) -> None:
    found = flags(made, DECLARED)
    assert [row[:2] for row in found] == [
        ("census_step_small", "information"),
        ("growth_pct_usual_for_population", "information"),
        ("peer_growth_z_unusual", "information"),
    ]
    for _, _, en, zh in found:
        assert en.endswith(". Declared: the census found more residents (第七次全国人口普查公报).")
        assert zh.endswith("。已申报：普查查实常住人口（第七次全国人口普查公报）。")
    assert status(made, DECLARED) == [("passed",)]


def test_the_same_jump_of_an_area_that_is_not_named_is_asked_about(made: Released) -> None:
    found = flags(made, UNDECLARED)
    assert [row[:2] for row in found] == [
        ("census_step_small", "warning"),
        ("growth_pct_usual_for_population", "warning"),
        ("peer_growth_z_unusual", "warning"),
    ]
    assert not any("Declared" in en or "已申报" in zh for _, _, en, zh in found)
    assert status(made, UNDECLARED) == [("flagged",)]


def test_a_shifted_decimal_in_the_declared_year_is_an_error(made: Released) -> None:
    severities = {rule: severity for rule, severity, _, _ in flags(made, TEN_TIMES)}
    assert severities.pop("slip_not_of_unit") == "error"
    assert set(severities.values()) == {"warning"}
    assert status(made, TEN_TIMES) == []


def test_the_series_goes_on_across_an_event(made: Released) -> None:
    assert made.rows(
        "select break_year, comparable_with_previous from marts.fct_observation"
        f" where ref_area = '{DECLARED}' and ref_year = 2020"
    ) == [(None, True)]


def test_events_are_published_with_their_reasons(made: Released) -> None:
    (event,) = SOURCE["events"]
    told = (*event["reason"].values(), event["citation"])
    assert made.rows("from marts.dim_series_event order by ref_area") == [
        ("county_census", "resident_population", None, area, 2020, *told) for area in event["ref_areas"]
    ]
