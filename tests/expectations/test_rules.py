"""No rule is silently dead: each bundled one fails, passes and is not evaluable on a row made for it."""

import pytest

from expectations.rulebook import load_rules

RULES = {rule.name: rule for rule in load_rules()}

POPULATION = {
    "indicator": "resident_population",
    "area_type": "total",
    "quantity": "persons",
    "unit_measure": "PERSONS",
    "basis": "usual_residence",
    "obs_value": 27_170_000.0,
    "raw_text": "2717.00",
    "multiplier": 10_000,
    "decimals": 2,
    "usual_decimals": 2,
    "min_value": 0,
    "max_value": 1_500_000_000,
    "expected_value": 27_150_000.0,
    "urban_rural_ratio": None,
    "pair_suspect": None,
}
RATE = {
    "indicator": "resident_urbanization_rate",
    "area_type": "total",
    "quantity": "rate",
    "obs_value": 56.65,
    "raw_text": "56.65",
    "min_value": 0,
    "max_value": 100,
    "expected_value": 56.7,
    "deviation_log10": None,
    "deviation_pp": -0.05,
    "growth_pct": None,
    "change_pp": 0.6,
    "previous_value": 56.05,
    "urbanization_recomputed_pct": 56.651,
    "urbanization_tolerance_pp": 0.01,
    "registered_rate_pct": 48.0,
    "urban_rural_ratio": None,
    "pair_suspect": None,
}
REGISTERED = {
    **RATE,
    "indicator": "registered_urbanization_rate",
    "obs_value": 48.0,
    "resident_rate_pct": 56.65,
}
RATIO = {
    "indicator": "urban_rural_income_ratio",
    "area_type": "total",
    "quantity": "ratio",
    "obs_value": 1.61,
    "raw_text": "1.61",
    "min_value": 0.8,
    "max_value": 6,
    "result_tolerance": 0.0052,
}
MEDIAN = {
    "indicator": "median_disposable_income_per_capita",
    "area_type": "total",
    "median_to_mean_pct": 85.3,
}
TOTAL = {
    "area_type": "total",
    "obs_value": 20000.0,
    "total_value": 20000.0,
    "deviation_log10": None,
    "implied_urban_weight_pct": 55.0,
    "weighted_mean_difference_pct": 6.2,
    "pair_suspect": None,
}
COMPONENTS = {**TOTAL, "identity": "income_by_source_total", "identity_tolerance": 2.5}
GDP = {"indicator": "gdp", "area_type": "total", "obs_value": 1.5e12, "min_value": 1e6, "max_value": 1e15}
OFF = {"deviation_log10": 0.1}
PERCENT = {**RATE, "unit_measure": "PCT"}
RIVAL = {
    "rival_source": "other",
    "rival_authority": "yearbook",
    "rival_value": 12000.0,
    "rival_suspect": True,
}

COUNTED = {
    **POPULATION,
    "whole_area": "220000",
    "whole_area_name": "吉林省",
    "whole_area_name_en": "Jilin",
    "whole_value": 27_170_000.0,
    "children_sum": 27_000_000.0,
    "children_rounding_pct": 0.1,
}
PROVINCES = {
    **GDP,
    "ref_area": "000000",
    "whole_area": "000000",
    "ref_year": 2012,
    "children_rounding_pct": 0.0,
}

# rule: what its rows have in common, then how they fail, pass and cannot be evaluated
CASES: dict[str, tuple[dict, dict, dict, dict]] = {
    "key_count_is_one": ({}, {"key_count": 2}, {"key_count": 1}, {"key_count": None}),
    "ref_year_since_1949": ({}, {"ref_year": 1948}, {"ref_year": 1949}, {"ref_year": None}),
    "ref_year_not_in_future": (
        {"latest_year_allowed": 2020},
        {"ref_year": 2021},
        {"ref_year": 2020},
        {"latest_year_allowed": None},
    ),
    "obs_value_not_below_minimum": ({}, {"obs_value": 49.9}, {"obs_value": 50}, {"obs_value": None}),
    "obs_value_not_above_maximum": ({}, {"obs_value": 200000.1}, {"obs_value": 200000}, {"obs_value": None}),
    "obs_value_not_suddenly_zero": ({}, {"obs_value": 0}, {"obs_value": 1}, {"previous_value": None}),
    "obs_value_whole_persons": (POPULATION, {"obs_value": 100.5}, {"obs_value": 100}, {"obs_value": None}),
    "obs_value_positive_for_population": (
        POPULATION,
        {"obs_value": 0},
        {"obs_value": 1},
        {"obs_value": None},
    ),
    "growth_pct_within_doubling": (
        {**OFF, "indicator": "property_income_per_capita"},
        {"growth_pct": -51},
        {"growth_pct": 100},
        {"growth_pct": None},
    ),
    "obs_value_usual_for_province": (
        POPULATION,
        {"obs_value": 1.9e6},
        {"obs_value": 2e6},
        {"obs_value": None},
    ),
    "obs_value_usual_for_prefecture": (
        {**POPULATION, "ref_area_level": "prefecture"},
        {"obs_value": 3.6e7},
        {"obs_value": 3.5e7},
        {"obs_value": None},
    ),
    "obs_value_usual_for_county": (
        {**POPULATION, "ref_area_level": "county"},
        {"obs_value": 999},
        {"obs_value": 1000},
        {"ref_area_level": None},
    ),
    "median_to_mean_pct_usual": (
        MEDIAN,
        {"median_to_mean_pct": 59},
        {"median_to_mean_pct": 105},
        {"median_to_mean_pct": None},
    ),
    "urban_rural_ratio_possible": (
        {},
        {"urban_rural_ratio": 0.79},
        {"urban_rural_ratio": 6},
        {"urban_rural_ratio": None},
    ),
    "urban_rural_ratio_usual": (
        {},
        {"urban_rural_ratio": 4.6},
        {"urban_rural_ratio": 1.2},
        {"pair_suspect": None},
    ),
    "implied_urban_weight_pct_proper": (
        TOTAL,
        {"implied_urban_weight_pct": 100},
        {"implied_urban_weight_pct": 99.9},
        {"implied_urban_weight_pct": None},
    ),
    "identity_residual_closes": (
        {**POPULATION, "identity": "residents_by_residence", "identity_tolerance": 15_000},
        {"identity_residual": 20_000},
        {"identity_residual": -10_000},
        {"identity_residual": None},
    ),
    "identity_residual_rounds_for_income": (
        COMPONENTS,
        {"identity_residual": 3},
        {"identity_residual": -2},
        {"identity_residual": None},
    ),
    "identity_residual_closes_for_income": (
        COMPONENTS,
        {"identity_residual": -6},
        {"identity_residual": 5},
        {"identity_residual": None},
    ),
    "urbanization_recomputed_pct_agrees": (
        RATE,
        {"urbanization_recomputed_pct": 56.67},
        {"urbanization_recomputed_pct": 56.655},
        {"urbanization_recomputed_pct": None},
    ),
    "result_recomputed_agrees": (
        RATIO,
        {"result_recomputed": 1.6},
        {"result_recomputed": 1.614},
        {"result_recomputed": None},
    ),
    "ratio_to_parent_usual": (
        {},
        {"ratio_to_parent": 0.1},
        {"ratio_to_parent": 4},
        {"ratio_to_parent": None},
    ),
    "weighted_mean_difference_pct_usual": (
        TOTAL,
        {"weighted_mean_difference_pct": 11},
        {"weighted_mean_difference_pct": 6.2},
        {"weighted_mean_difference_pct": None},
    ),
    "resident_rate_pct_not_below_registered": (
        REGISTERED,
        {"resident_rate_pct": 47.9},
        {"resident_rate_pct": 48},
        {"resident_rate_pct": None},
    ),
    "registered_rate_pct_within_reach": (
        RATE,
        {"registered_rate_pct": 6},
        {"registered_rate_pct": 48},
        {"registered_rate_pct": None},
    ),
    "deviation_z_unusual": ({}, {"deviation_z": -3.6}, {"deviation_z": 3.5}, {"deviation_z": None}),
    "deviation_log10_gross": (
        {},
        {"deviation_log10": 0.13},
        {"deviation_log10": -0.12},
        {"deviation_log10": None},
    ),
    "deviation_pp_gross": (RATE, {"deviation_pp": 5.1}, {"deviation_pp": -5}, {"deviation_pp": None}),
    "growth_pct_usual_for_income": (OFF, {"growth_pct": 31}, {"growth_pct": 30}, {"growth_pct": None}),
    "growth_pct_usual_for_population": (
        {**POPULATION, **OFF},
        {"growth_pct": -11},
        {"growth_pct": 10},
        {"growth_pct": None},
    ),
    "growth_pct_usual_for_gdp": (
        {**GDP, **OFF},
        {"growth_pct": 36},
        {"growth_pct": -25},
        {"growth_pct": None},
    ),
    "change_pp_usual_for_residents": (
        {**RATE, "deviation_pp": 1},
        {"change_pp": -1.1},
        {"change_pp": 4},
        {"change_pp": None},
    ),
    "change_pp_usual_for_registered": (REGISTERED, {"change_pp": 5}, {"change_pp": 4.9}, {"change_pp": None}),
    "peer_growth_z_unusual": (OFF, {"peer_growth_z": 4.1}, {"peer_growth_z": -4}, {"peer_growth_z": None}),
    "same_as_previous_not_copied": (
        {},
        {"same_as_previous": True},
        {"same_as_previous": False},
        {"same_as_previous": None},
    ),
    "interpolated_not": ({}, {"interpolated": True}, {"interpolated": False}, {"interpolated": None}),
    "revision_pct_small": (
        {"preceding_vintage": "2019-12-31", "preceding_value": 52_000.0},
        {"revision_pct": 0.6},
        {"revision_pct": -0.5},
        {"revision_pct": None},
    ),
    "column_deviation_log10_consistent": (
        {},
        {"column_deviation_log10": 0.031, "column_deviation_z": 6.2},
        {"column_deviation_log10": 0.031, "column_deviation_z": 3.4},
        {"column_deviation_z": None},
    ),
    **{
        rule: ({}, {"slip": slip}, {"slip": None}, {"expected_value": None})
        for rule, slip in {
            "slip_not_of_unit": "wrong_unit",
            "slip_not_of_digit": "swapped_digits",
            "slip_not_of_place": "shifted_row",
            "slip_not_copied": "wrong_area",
            "slip_not_of_sign": "misread_percent_sign",
            "slip_not_for_missing": "missing_as_zero",
            "slip_not_of_weight": "jin_for_kilogram",
        }.items()
    },
    "deviation_log10_unlike_foreign_currency": (
        {},
        {"deviation_log10": -0.82},
        {"deviation_log10": -0.94},
        {"deviation_log10": None},
    ),
    "extra_decimals_few": ({}, {"extra_decimals": 3}, {"extra_decimals": 2}, {"extra_decimals": None}),
    "raw_text_without_ocr_damage": (
        {"judged": "unreadable", "readings": "18 / 1.8"},
        {"raw_text": "L8", "misread_as": "letter_for_digit", "misread_candidate": 1.8},
        {"raw_text": "见附表"},
        {"raw_text": None},
    ),
    "raw_text_without_misread_sign": (
        PERCENT,
        {"raw_text": "9.396", "misread_as": "misread_percent_sign", "misread_candidate": 9.3},
        {"raw_text": "0.278892170316496"},
        {"raw_text": None},
    ),
    "raw_text_in_plain_characters": (
        {},
        {"raw_text": "１２１２２．９"},
        {"raw_text": "12,122.9"},
        {"raw_text": None},
    ),
    "damaged_label_absent": ({}, {"damaged_label": "共同富?，F代化"}, {}, {"raw_text": None}),
    "twin_row_absent": (
        {},
        {"twin_row": "230000 黑龙江省"},
        {"twin_row": None},
        {"row_figures": None},
    ),
    "twin_column_absent": (
        {},
        {"twin_column": "disposable_income_per_capita rural 2015"},
        {"twin_column": None},
        {"column_figures": None},
    ),
    "fits_column_absent": (
        {},
        {"fits_column": "disposable_income_per_capita urban"},
        {},
        {"placed_areas": None},
    ),
    "row_shift_none": ({}, {"row_shift": -1}, {"row_shift": 0}, {"placed_areas": None}),
    "ref_year_not_after_file_name": (
        {},
        {"file_name_year": 2015},
        {"file_name_year": 2016},
        {"file_name_year": None},
    ),
    "heaping_chi2_small": (
        {"speaks_for_series": True, "series_figures": 620, "heaped_pct": 45.0},
        {"heaping_chi2": 240.0},
        {"heaping_chi2": 240.0, "heaped_pct": 24.0},
        {"heaping_chi2": None},
    ),
    "first_digit_deviation_small": (
        {"speaks_for_series": True, "series_figures": 620},
        {"first_digit_deviation": 0.016},
        {"first_digit_deviation": 0.015},
        {"first_digit_deviation": None},
    ),
    "rival_difference_pct_small": (
        RIVAL,
        {"rival_difference_pct": 0.6},
        {"rival_difference_pct": 0.5},
        {"rival_suspect": None},
    ),
    "rival_difference_pct_possible": (
        RIVAL,
        {"rival_difference_pct": 5.1},
        {"rival_difference_pct": 5},
        {"rival_difference_pct": None},
    ),
    "rival_difference_pct_none_of_release": (
        {**RIVAL, "authority": "release"},
        {"rival_difference_pct": 0.1},
        {"rival_difference_pct": 0},
        {"rival_suspect": None},
    ),
    "column_step_pct_small": (
        {"column_deviation_log10": None},
        {"column_step_pct": 7.2},
        {"column_step_pct": -2.9},
        {"column_step_pct": None},
    ),
    "area_years_off_at_most_one": (
        {},
        {"area_years_off": 2},
        {"area_years_off": 1},
        {"area_years_off": None},
    ),
    "boundary_changes_none": (
        {"boundary_change": "371200 莱芜市 → 370100 济南市"},
        {"boundary_changes": 1},
        {"boundary_changes": 0},
        {"boundary_changes": None},
    ),
    "children_difference_pct_small": (
        COUNTED,
        {"children_difference_pct": -0.61},
        {"children_difference_pct": 0.6},
        {"children_difference_pct": None},
    ),
    "children_difference_pct_possible": (
        COUNTED,
        {"children_difference_pct": 2.2},
        {"children_difference_pct": -2.0},
        {"children_difference_pct": None},
    ),
    "children_difference_pct_known_for_nation": (
        PROVINCES,
        {"children_difference_pct": 11.0},
        {"children_difference_pct": 0.9},
        {"children_difference_pct": None},
    ),
    "children_difference_pct_gross_for_nation": (
        PROVINCES,
        {"children_difference_pct": -5.1},
        {"children_difference_pct": 11.0},
        {"children_difference_pct": None},
    ),
    "children_position_inside": (
        {"children_asked": 9, "children_low": 9000.0, "children_high": 15000.0},
        {"children_position": -0.01},
        {"children_position": 0.52},
        {"children_position": None},
    ),
    "children_mean_agrees": (
        {**RATE, "children_asked": 9, "children_mean": 56.3},
        {"children_mean": 56.2, "children_mean_rounding": 0.02},
        {"children_mean_rounding": 0.06},
        {"children_mean_rounding": None},
    ),
    "part_ratio_at_most_whole": (
        {**POPULATION, "part_value": 27_170_000.0, "containing_value": 25_000_000.0},
        {"part_ratio": 1.09},
        {"part_ratio": 0.99},
        {"part_ratio": None},
    ),
    "resident_to_registered_usual": (
        {**POPULATION, "residents": 27_170_000.0, "registrants": 26_000_000.0},
        {"resident_to_registered": 3.1},
        {"resident_to_registered": 0.4},
        {"resident_to_registered": None},
    ),
    "census_step_small": (
        {**RATE, "ref_year": 2010},
        {"census_step": 2.6},
        {"census_step": -2.4},
        {"census_step": None},
    ),
    "repeated_indicators_few": (
        {},
        {"repeated_indicators": 3},
        {"repeated_indicators": 2},
        {"repeated_indicators": None},
    ),
    "cumulative_fall_none": ({}, {"cumulative_fall": 5}, {"cumulative_fall": 0}, {"cumulative_fall": None}),
    "tooth_log10_small": ({}, {"tooth_log10": 0.08}, {"tooth_log10": 0.079}, {"tooth_log10": None}),
    "area_years_off_none": ({}, {"area_years_off": 1}, {"area_years_off": 0}, {"area_years_off": None}),
}
OUTCOMES = ("fail", "pass", "not_evaluable")


@pytest.fixture(scope="module")
def judged(shared_build):
    """Three rows for each rule, judged in one run; row number -> what became of it under the rule it is made for."""
    rows = [{**common, **own} for common, *owns in CASES.values() for own in owns]
    shared_build.write(rows)
    shared_build.judge(tuple(RULES.values()))
    return shared_build


@pytest.mark.parametrize(
    "number", range(len(CASES) * 3), ids=lambda n: f"{list(CASES)[n // 3]}-{OUTCOMES[n % 3]}"
)
def test_a_row_made_for_an_outcome_gets_it(judged, number):
    name, wanted = list(CASES)[number // 3], OUTCOMES[number % 3]
    found = judged.rows(f"SELECT outcome FROM quality.verdict WHERE cell_id = {number} AND rule = '{name}'")
    # A pass leaves no row; that it is not merely out of scope is told by the counts below.
    assert found == ([] if wanted == "pass" else [(wanted,)])


@pytest.mark.parametrize("name", CASES)
def test_a_pass_is_counted_and_not_merely_out_of_scope(judged, name):
    common, _, passing, _ = CASES[name]
    judged_alone = judged.rows(f"SELECT sum(passed) FROM quality.rule_count WHERE rule = '{name}'")
    assert judged_alone[0][0] >= 1, (common, passing)


@pytest.mark.parametrize("name", CASES)
def test_a_failure_is_told_in_both_languages_with_nothing_left_unfilled(judged, name):
    number = list(CASES).index(name) * 3
    ((en, zh, severity, confidence),) = judged.rows(
        f"""SELECT message_en, message_zh, severity, confidence FROM quality.verdict
        WHERE cell_id = {number} AND rule = '{name}'"""
    )
    assert "{" not in en + zh
    assert severity == RULES[name].severity
    assert confidence in ("high", "medium", "low")


def test_every_bundled_rule_has_its_rows():
    assert set(CASES) == set(RULES)


def test_a_believable_row_breaks_no_rule(build):
    build.write([{}, POPULATION, RATE, REGISTERED, MEDIAN, TOTAL])
    build.judge(tuple(RULES.values()))
    assert build.rows("SELECT cell_id, rule FROM quality.verdict WHERE outcome = 'fail'") == []


def test_jilin_2017_is_an_error_and_the_inserted_digit_is_taken_out(build, jilin_2017):
    build.write([jilin_2017])
    build.judge(tuple(RULES.values()))
    errors = build.rows(
        """SELECT rule, suggested_value, diagnosis, confidence FROM quality.verdict
        WHERE severity = 'error' AND outcome = 'fail' ORDER BY rule"""
    )
    assert [row[0] for row in errors] == ["slip_not_of_digit", "urban_rural_ratio_possible"]
    assert {row[1:] for row in errors} == {(12950.4, "inserted_digit", "high")}
    ((message,),) = build.rows("SELECT message_en FROM quality.verdict WHERE rule = 'slip_not_of_digit'")
    assert message == (
        "Jilin 2017: per-capita disposable income (rural) is 112950.4 元 where the neighbouring years tell about"
        " 12917 元; a digit too many; suggested: 12950.4 元."
    )


def test_the_year_after_a_wrong_one_is_not_to_blame(build):
    build.write([{"growth_pct": -87.8, "peer_growth_z": -180.0, "deviation_log10": 0.001}])
    build.judge(tuple(RULES.values()))
    assert build.rows("SELECT rule FROM quality.verdict WHERE outcome = 'fail'") == []


def test_an_extrapolated_expectation_is_allowed_to_miss_by_more(build):
    build.write([{"neighbours": 3, "deviation_z": 6.9}, {"neighbours": 3, "deviation_z": 7.1}])
    build.judge(tuple(RULES.values()))
    assert build.rows("SELECT cell_id, rule FROM quality.verdict WHERE outcome = 'fail'") == [
        (1, "deviation_z_unusual")
    ]


def test_a_column_of_another_concept_gets_no_suggestion(build):
    build.write([{"column_deviation_log10": 0.031, "column_deviation_z": 6.2, "slip_value": 12000.0}])
    build.judge(tuple(RULES.values()))
    found = build.rows(
        "SELECT rule, severity, diagnosis, suggested_value FROM quality.verdict WHERE outcome = 'fail'"
    )
    assert found == [("column_deviation_log10_consistent", "error", "another_concept", None)]


def test_the_other_side_of_a_suspect_pair_is_left_alone(build, jilin_2017):
    urban = {**jilin_2017, "area_type": "urban", "obs_value": 28318.7, "pair_suspect": False}
    quiet = {"deviation_log10": 0.001, "deviation_z": 0.1, "peer_growth_z": 0.1, "slip": None}
    build.write([{**urban, **quiet, "slip_value": None, "ratio_to_parent": 0.8}])
    build.judge(tuple(RULES.values()))
    assert build.rows("SELECT rule FROM quality.verdict WHERE outcome = 'fail'") == []
