"""A mistake in a rule is told with file, line and remedy before anything runs."""

import re
import subprocess
import sys

import pytest

from expectations import diagnosis, evidence
from expectations.errors import ExpectationError
from expectations.rulebook import load_rules
from expectations.wording import message
from orchestration.messages import catalogue

# What to do stands in every sentence, in one of these words.
REMEDY = "add it|fill it in|write|correct|mend|rename|keep one|use one|请"
RULE = """\
- name: growth_pct_usual
  severity: warning
  validation_level: 2
  description: {en: Grows usually., zh: 正常增长。}
  reason: Because it was so.
  reference: A standard
  where: quantity = 'money'
  expect:
    type: expect_column_values_to_be_between
    column: growth_pct
    max_value: 30
  measure: abs(growth_pct)
  needs: [previous_value]
  value_at: previous_value * (1 + bound / 100)
  message: {en: "It grew by {growth_pct:.1f}.", zh: "增长 {growth_pct:.1f}。"}
"""


def loaded(folder, text):
    (folder / "rules.yml").write_text(text, encoding="utf-8")
    return load_rules(folder)


def test_the_example_is_a_rule(tmp_path):
    (rule,) = loaded(tmp_path, RULE)
    assert (rule.name, rule.expect.max_value, rule.needs) == ("growth_pct_usual", 30, ("previous_value",))


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        ("severity: warning", "severity: fatal", "rule.not_one_of", 2),
        ("validation_level: 2", "validation_level: 6", "rule.not_a_level", 3),
        ("validation_level: 2", "validation_level: two", "rule.not_a_level", 3),
        ("  reason: Because it was so.\n", "", "rule.missing_field", 1),
        ("reason: Because it was so.", "reason: ''", "rule.empty_field", 5),
        ("zh: 正常增长。", "fr: Croît.", "rule.unknown_field", 4),
        ("  reference: A standard", "  refrence: A standard", "rule.unknown_field", 6),
        ("max_value: 30", "max_value: 30 %", "rule.not_a_number", 11),
        ("max_value: 30", "max_value: '30'", "rule.not_a_number", 11),
        ("max_value: 30", "max_value: .nan", "rule.not_a_number", 11),
        ("    max_value: 30\n", "", "rule.invalid", 9),
        ("max_value: 30", "max_value: 30\n    min_value: 31", "rule.invalid", 9),
        ("max_value: 30", "max_value: 30\n    mostly: 0.9", "rule.unknown_field", 12),
        ("max_value: 30", "max_value: 30\n    max_value: 40", "rule.repeated_field", 12),
        ("name: growth_pct_usual", "name: usual_growth", "rule.invalid", 1),
        ("column: growth_pct", "column: growth", "rule.unknown_column", 10),
        ("needs: [previous_value]", "needs: [last_value]", "rule.unknown_column", 13),
        ("It grew by {growth_pct:.1f}.", "It grew by {growth:.1f}.", "rule.unknown_column", 15),
        ("It grew by {growth_pct:.1f}.", "It grew by {growth_pct:.1f.", "rule.bad_braces", 15),
        ("It grew by {growth_pct:.1f}.", "It grew by {indicator:.1f}.", "rule.bad_sql", 15),
        ("where: quantity = 'money'", "where: quality = 'money'", "rule.bad_sql", 7),
        ("where: quantity = 'money'", "where: growth_pct + 1", "rule.bad_sql", 7),
        ("where: quantity = 'money'", "where: quantity = (", "rule.bad_sql", 7),
        ("measure: abs(growth_pct)", "measure: max(growth_pct)", "rule.bad_sql", 12),
        ("value_at: previous_value *", "value_at: prior_value *", "rule.bad_sql", 14),
        (
            "expect_column_values_to_be_between",
            "expect_column_values_to_match_regex",
            "rule.unknown_expectation",
            9,
        ),
        (
            "expect_column_values_to_be_between",
            "expect_column_values_to_not_be_null",
            "rule.unknown_expectation",
            9,
        ),
        ("severity: warning", "severity: warning\n  diagnosis: bad_luck", "rule.invalid", 1),
        ("validation_level: 2", "validation_level: 2\n  catalogue: [H01]", "rule.invalid", 4),
        ("validation_level: 2", "validation_level: 2\n  judges: cells", "rule.not_one_of", 4),
        ("validation_level: 2", "validation_level: 2\n  judges: unreadable", "rule.invalid", 1),
        ("  severity: warning", "  severity: [", "rule.not_yaml", None),
        ("- name:", "name:", "rule.not_yaml", None),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, right, wrong, code, line):
    assert right in RULE
    with pytest.raises(ExpectationError) as caught:
        loaded(tmp_path, RULE.replace(right, wrong, 1))
    assert caught.value.code == code
    assert caught.value.details["file"] == tmp_path / "rules.yml"
    assert line is None or caught.value.details["line"] == line
    for language in ("en", "zh"):
        told = catalogue()[code][language].format(**caught.value.details)
        assert str(tmp_path / "rules.yml") in told
        assert str(caught.value.details["line"]) in told
        assert re.search(REMEDY, told), told


def test_a_name_is_used_once(tmp_path):
    (tmp_path / "earlier.yml").write_text(RULE, encoding="utf-8")
    with pytest.raises(ExpectationError) as caught:
        loaded(tmp_path, RULE)
    assert caught.value.code == "rule.duplicate"
    assert caught.value.details["first"] == "earlier.yml:1"


def test_what_is_searched_for_must_say_what_the_search_needs(tmp_path):
    text = RULE.replace("expect_column_values_to_be_between", "expect_column_values_to_be_null")
    text = text.replace("    max_value: 30\n", "").replace("  needs: [previous_value]\n", "")
    with pytest.raises(ExpectationError, match="needs must name"):
        loaded(tmp_path, text)


def test_an_empty_folder_is_no_set_of_rules(tmp_path):
    with pytest.raises(ExpectationError) as caught:
        load_rules(tmp_path)
    assert caught.value.code == "rule.none_found"


def test_reading_rules_does_not_import_great_expectations():
    code = """
import sys, expectations.verdict, expectations.rulebook
expectations.rulebook.load_rules()
print("great_expectations" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_the_rules_look_at_all_evidence_that_tells_something():
    """What no rule, message or diagnosis names is a key, an address, or stands behind another column."""
    sql = " ".join(f"{diagnosis.suggested_value(one)} {diagnosis.named(one)}" for one in ("slip", "misread"))
    sql += " slip_share"
    named = set()
    for rule in load_rules():
        named.update(column for _, column in rule.columns())
        sql += (
            f" {rule.where} {rule.measured} {rule.value_at} {message(rule.message.en, 'en', rule.evidence)}"
        )
    words = re.findall(r"\w+", re.sub(r"'[^']*'", " ", sql))
    unused = set(evidence.COLUMNS) - named - set(words)
    assert unused == {
        "cell_id",
        "basis",
        "definition",
        "parent",
        "freq",
        "time_period",
        "accumulation",
        "revision_no",
        "sheet_name",
        "declared_event_en",
        "declared_event_zh",
    }
