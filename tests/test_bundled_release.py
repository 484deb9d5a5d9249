"""The bundled data, from the files to the release: published figures, known faults, history, provenance."""

import datetime

import pytest

from tests.conftest import Released
from warehouse.content import content_digest
from warehouse.manifest import current
from warehouse.query import open_release, run

RATIO = (
    "select urban_rural_income_ratio_published from marts.mart_urban_rural_income"
    " where ref_area = '{}' and ref_year = {}"
)


@pytest.mark.parametrize(
    ("ref_area", "ref_year", "ratio"),
    [
        ("000000", 2020, 2.56),
        ("000000", 2021, 2.50),
        ("000000", 2024, 2.34),
        ("330000", 2019, 2.01),
        ("370000", 2019, 2.38),
    ],
)
def test_the_published_income_ratio_is_reproduced(
    released: Released, ref_area: str, ref_year: int, ratio: float
) -> None:
    assert released.rows(RATIO.format(ref_area, ref_year)) == [(ratio,)]


def test_the_change_of_the_ratio_is_the_difference_of_the_published_ones(released: Released) -> None:
    # The bureau printed "narrowed by 0.08" for 2020; the unrounded ratios differ by 0.085.
    sql = RATIO.replace("urban_rural_income_ratio_published", "ratio_change_published").format("000000", 2020)
    assert released.rows(sql) == [(-0.08,)]


@pytest.mark.parametrize(
    ("ref_year", "gap", "published"), [(2020, 18.49, 18.5), (2018, 18.13, 18.13), (2012, 17.77, 17.77)]
)
def test_the_urbanization_gap_of_the_nation(
    released: Released, ref_year: int, gap: float, published: float
) -> None:
    sql = (
        "select urbanization_gap_pp, urbanization_gap_pp_published from marts.mart_urbanization_gap"
        f" where ref_area = '000000' and ref_year = {ref_year}"
    )
    assert released.rows(sql) == [(gap, published)]


def test_the_gap_of_2018_as_it_was_known_in_2019(released: Released) -> None:
    sql = "select urbanization_gap_pp from marts.mart_urbanization_gap where ref_area = '000000' and ref_year = 2018"
    with open_release(released.home, as_of=datetime.date(2019, 12, 31)) as connection:
        assert run(connection, sql).item() == 16.21
        assert run(connection, "select max(ref_year) from marts.fct_observation").item() == 2018


def test_as_of_the_end_of_time_every_relation_is_what_is_stored(released: Released) -> None:
    manifest = current(released.home)
    assert manifest is not None
    assert {"fct_observation", "mart_urban_rural_income", "mart_urbanization_gap"} <= set(manifest.as_of)
    with open_release(released.home, as_of=datetime.date(9999, 12, 31)) as connection:
        for relation in manifest.as_of:
            assert content_digest(connection, relation) == content_digest(
                connection, relation, "tongji.marts"
            ), relation


def test_both_vintages_of_a_rate_stay_visible_and_the_later_is_in_force(released: Released) -> None:
    vintages = released.rows(
        "select obs_value, known_from, known_to from marts.fct_observation_vintage where ref_area = '000000'"
        " and time_period = '2018' and indicator = 'resident_urbanization_rate' order by known_from"
    )
    first, later = datetime.date(2019, 2, 28), datetime.date(2021, 9, 30)
    assert vintages == [(59.58, first, later), (61.50, later, None)]
    provinces = released.rows(
        "select count(*), count(*) filter (source = 'province_urbanization') from marts.fct_observation"
        " where indicator = 'resident_urbanization_rate' and ref_area <> '000000' and ref_year between 2005 and 2019"
    )
    assert provinces == [(31 * 15, 31 * 15)]


def test_jilin_is_found_explained_and_kept_out_and_its_neighbours_are_not_accused(released: Released) -> None:
    area = "ref_area = '220000' and ref_year = 2017 and area_type = 'rural'"
    flags = released.rows(
        f"select distinct suggested_value, sheet, cell, raw_text, file_name from marts.mart_quality_flag"
        f" where {area} and severity = 'error' and suggested_value is not null"
    )
    assert flags == [(12950.4, "分地区", "AM11", "112950.4", "分地区居民收入、人口与城镇化率.xlsx")]
    low, high = released.rows(
        "select min(expected_low), max(expected_high) from marts.mart_quality_flag"
        f" where {area} and expected_low is not null"
    )[0]
    assert low < 12950.4 < high
    assert (
        released.rows(f"select * from marts.fct_observation where {area} and indicator like '%income%'") == []
    )
    ratio = "select income_rural_cny, urban_rural_income_ratio from marts.mart_urban_rural_income"
    assert released.rows(f"{ratio} where ref_area = '220000' and ref_year = 2017") == [(None, None)]
    neighbours = released.rows(
        "select ref_year, area_type, severity from marts.mart_quality_flag where ref_area = '220000'"
        " and indicator = 'disposable_income_per_capita' and severity in ('error', 'warning')"
        " and ((area_type = 'rural' and ref_year between 2014 and 2019 and ref_year <> 2017)"
        "   or (area_type = 'urban' and ref_year = 2017))"
    )
    assert neighbours == []


def test_the_urban_column_of_2004_is_found_as_a_whole(released: Released) -> None:
    found = released.rows(
        "select count(distinct ref_area), any_value(ref_year), any_value(source) from marts.mart_quality_flag"
        " where diagnosis = 'another_concept' and severity = 'error'"
    )
    assert found == [(31, 2004, "province_panel")]
    kept = "select count(*) from marts.mart_urban_rural_income where ref_year = 2004 and ref_area <> '000000'"
    assert released.rows(f"{kept} and income_urban_cny is not null") == [(0,)]


def test_interpolated_rates_are_flagged_as_imputed(released: Released) -> None:
    found = released.rows(
        "select ref_year, count(distinct ref_area) from marts.mart_quality_flag where rule = 'interpolated_not'"
        " and indicator = 'resident_urbanization_rate' and source = 'province_panel' group by all order by all"
    )
    # In Tibet the four figures are printed with four digits and lie on no line.
    assert found == [(2001, 30), (2002, 30), (2003, 30), (2004, 30)]


def test_nothing_but_the_known_faults_is_quarantined(released: Released) -> None:
    quarantined = released.rows(
        "select distinct ref_area, ref_year, area_type from marts.mart_quality_flag where severity = 'error'"
        " and not (ref_year = 2004 and area_type = 'urban' and source = 'province_panel')"
    )
    assert quarantined == [("220000", 2017, "rural")]
    assert released.rows("select quarantined, rejected from marts.release_info") == [(32, 0)]


def test_no_growth_is_computed_across_the_change_of_survey(released: Released) -> None:
    provinces = released.rows(
        "select count(*), count(growth_urban_nominal_pct), count(growth_rural_nominal_pct),"
        " bool_or(comparable_with_previous) from marts.mart_urban_rural_income"
        " where ref_year = 2014 and ref_area <> '000000'"
    )
    assert provinces == [(31, 0, 0, False)]
    nation = RATIO.replace("urban_rural_income_ratio_published", "comparable_with_previous").format(
        "000000", 2014
    )
    assert released.rows(nation) == [(True,)]


def test_every_number_in_force_has_its_cell(released: Released) -> None:
    without = released.rows(
        "select count(*) from marts.fct_observation anti join marts.mart_provenance"
        " using (ref_area, freq, time_period, accumulation, indicator, area_type, source, definition, vintage)"
    )
    assert without == [(0,)]
    row = released.rows(
        "select file_name, cell, raw_text, unit_text, obs_value from marts.mart_provenance"
        " where ref_area = '330000' and ref_year = 2019 and indicator = 'resident_population'"
    )
    assert [(cell, unit, value) for _, cell, _, unit, value in row] == [("U54", "万人", 58500000.0)]


def test_a_release_knows_itself(released: Released) -> None:
    (info,) = released.rows(
        "select release_id, state, previous_release_id, observations from marts.release_info"
    )
    in_force = (released.home.releases / "current").resolve().name
    assert info[:3] == (in_force, "published", None)
    assert released.rows("select count(*) from marts.fct_observation") == [(info[3],)]
