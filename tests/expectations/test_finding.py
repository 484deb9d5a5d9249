"""How grave a failure is written, where its source declares what happened that year."""

import pytest

from expectations.rulebook import load_rules
from orchestration.checks import rule_outcomes

DECLARED = {
    "growth_pct": 45.0,
    "declared_event_en": "a census (communique)",
    "declared_event_zh": "普查（公报）",
}
SLIP = {"slip": "shifted_decimal", "slip_value": 1212.29, "slip_share": 0.99}
COLUMN = {"column_deviation_log10": 0.031, "column_deviation_z": 6.2}
MESSAGE = {"en": "Moved.", "zh": "变动。"}
RULES = {rule.name: rule for rule in load_rules()}


def written(build):
    return build.rows("SELECT severity, message_en, message_zh FROM quality.verdict ORDER BY cell_id")


@pytest.mark.parametrize("severity", ["error", "warning", "information"])
def test_a_declared_jump_is_information_with_its_reason(build, rule, severity):
    build.write([DECLARED, {"growth_pct": 45.0}, {**DECLARED, "growth_pct": 3.0}])
    judgement = build.judge([rule(severity=severity, message=MESSAGE)])
    assert written(build) == [
        ("information", "Moved. Declared: a census (communique).", "变动。已申报：普查（公报）。"),
        (severity, "Moved.", "变动。"),
    ]
    assert build.rows("SELECT confidence FROM quality.verdict WHERE message_en LIKE '%Declared%'") == [
        ("low",)
    ]
    both = 2 if severity == "information" else 1
    assert (judgement.failed(severity), judgement.failed("information")) == (both, both)


def test_the_counts_still_hold_every_failure(build, rule):
    build.write([DECLARED, DECLARED, {"growth_pct": 45.0}])
    (count,) = build.judge([rule()]).counts
    assert (count.failed, count.explained) == (3, 2)
    assert build.rows("SELECT sum(failed) FROM quality.rule_count") == [(3,)]


def test_a_slip_that_explains_the_value_goes_before_the_event(build, rule):
    build.write([{**DECLARED, **SLIP}])
    build.judge([rule(message=MESSAGE)])
    assert written(build) == [("warning", "Moved.", "变动。")]


@pytest.mark.parametrize(
    "name", ["key_count_is_one", "part_ratio_at_most_whole", "interpolated_not", "row_shift_none"]
)
def test_no_event_explains_what_is_impossible_or_how_a_value_was_made(build, name):
    failing = {
        "key_count_is_one": {"key_count": 2},
        "part_ratio_at_most_whole": {
            "indicator": "gdp",
            "part_ratio": 1.4,
            "part_value": 14.0,
            "containing_value": 10.0,
        },
        "interpolated_not": {"quantity": "persons", "area_type": "total", "interpolated": True},
        "row_shift_none": {"row_shift": 1},
    }[name]
    build.write([{**DECLARED, **failing}])
    build.judge([RULES[name]])
    ((severity, message, _),) = written(build)
    assert severity == RULES[name].severity
    assert "Declared" not in message


def test_what_an_event_explains_compares_with_other_years_areas_or_editions():
    explained = {rule.name: rule for rule in RULES.values() if rule.asks_about_a_jump}
    assert {"growth_pct_usual_for_gdp", "peer_growth_z_unusual", "column_step_pct_small"} < set(explained)
    assert min(rule.validation_level for rule in explained.values()) == 2
    assert [name for name, rule in explained.items() if rule.severity == "error"] == [
        "column_deviation_log10_consistent"
    ]


def test_a_whole_column_whose_jump_is_declared_is_not_kept_out(build):
    build.write([{**DECLARED, "growth_pct": 7.0, **COLUMN}, COLUMN])
    build.judge(tuple(RULES.values()))
    found = build.rows(
        "SELECT cell_id, severity, confidence FROM quality.verdict WHERE outcome = 'fail' ORDER BY cell_id"
    )
    assert found == [(0, "information", "low"), (1, "error", "medium")]


@pytest.mark.parametrize(
    ("rows", "shown"), [([DECLARED], "WARN"), ([DECLARED, {"growth_pct": 45.0}], "ERROR")]
)
def test_a_check_is_red_only_where_a_failure_is_not_explained(build, rule, rows, shown):
    build.write(rows)
    (check,) = rule_outcomes(build.judge([rule(severity="error")]).counts)
    assert (check.passed, check.severity.value) == (False, shown)
    assert check.metadata["explained_by_event"].value == 1
