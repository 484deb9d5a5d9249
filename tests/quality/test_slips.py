"""A slip of the hand is found where it was made, named, and put right only where nothing else can have been meant."""

import pytest

from tests.quality.measure import clean, interval
from tests.quality.panel import Change

INCOME, NET, PEOPLE, RATE = (
    "disposable_income_per_capita",
    "net_income_per_capita",
    "resident_population",
    "resident_urbanization_rate",
)
ZHEJIANG, GANSU, NATION = "330000", "620000", "000000"


def judged(panel, texts):
    """What the rules say of the changed cells, and which other ones are called errors beside what always is."""
    before, after = panel.findings(Change({})), panel.findings(Change(texts))
    errors = {cell_id for cell_id, found in after.items() if found.severity == "error"}
    always = {cell_id for cell_id, found in before.items() if found.severity == "error"}
    return {cell_id: after.get(cell_id) for cell_id in texts}, errors - always - texts.keys()


@pytest.mark.parametrize(
    ("area", "year", "indicator", "area_type", "text", "slip", "meant"),
    [
        # Zhejiang's rural income of 2016 was 22866.1 CNY.
        (ZHEJIANG, 2016, INCOME, "rural", "228661", "shifted_decimal", 22866.1),
        (ZHEJIANG, 2016, INCOME, "rural", "2.28661", "wrong_unit", 22866.1),
        (ZHEJIANG, 2016, INCOME, "rural", "228661000", "wrong_unit", 22866.1),
        (ZHEJIANG, 2016, INCOME, "rural", "2866.1", "dropped_digit", 22866.1),
        (ZHEJIANG, 2016, INCOME, "rural", "922866.1", "inserted_digit", 22866.1),
        # Its population of 2010 was 54.47 million, printed in tens of thousands.
        (ZHEJIANG, 2010, PEOPLE, "total", "54470000", "wrong_unit", 54_470_000.0),
        (ZHEJIANG, 2010, PEOPLE, "total", "4547", "swapped_digits", 54_470_000.0),
        # 61.62 percent, printed as a fraction.
        (ZHEJIANG, 2010, RATE, "total", "61.62", "fraction_or_percent", 61.62),
    ],
)  # fmt: skip
def test_a_single_slip_is_named_and_put_right(
    panel, cell_of, area, year, indicator, area_type, text, slip, meant
):
    cell = cell_of(area, year, indicator, area_type)
    found, accused = judged(panel, {cell.cell_id: text})
    assert not accused
    assert found[cell.cell_id].severity == "error"
    assert found[cell.cell_id].diagnosis == slip
    assert found[cell.cell_id].suggested == pytest.approx(meant)


def test_urban_and_rural_in_each_others_place_are_both_found(panel, cell_of):
    urban, rural = cell_of(GANSU, 2015, INCOME, "urban"), cell_of(GANSU, 2015, INCOME, "rural")
    found, accused = judged(panel, {urban.cell_id: rural.text, rural.cell_id: urban.text})
    assert not accused
    assert {one.diagnosis for one in found.values()} == {"swapped_urban_rural"}
    assert found[urban.cell_id].suggested == float(urban.text)
    assert found[rural.cell_id].suggested == float(rural.text)


def test_figures_a_row_too_low_are_found_together(panel):
    column = [
        cell for cell in panel.cells
        if (cell.source, cell.indicator, cell.ref_year) == ("province_panel", PEOPLE, 2012)
    ]  # fmt: skip
    part = sorted(column, key=lambda cell: cell.row_no)[8:18]
    texts = {to.cell_id: of.text for to, of in zip(part[1:], part, strict=False)} | {part[0].cell_id: ""}
    found, accused = judged(panel, texts)
    assert not accused
    shifted = [one for one in found.values() if one and one.diagnosis == "shifted_row"]
    assert len(shifted) >= 8
    right = [
        found[cell.cell_id].suggested == pytest.approx(float(cell.text) * cell.multiplier)
        for cell in part[1:-1]
        if found[cell.cell_id] and found[cell.cell_id].suggested is not None
    ]
    assert len(right) >= 7
    assert all(right)


def test_zero_for_missing_is_an_error_and_a_blank_is_none(panel, cell_of):
    cell = cell_of(GANSU, 2012, PEOPLE)
    found, _ = judged(panel, {cell.cell_id: "0"})
    assert found[cell.cell_id].diagnosis == "missing_as_zero"
    assert found[cell.cell_id].suggested is None
    assert judged(panel, {cell.cell_id: ""}) == ({cell.cell_id: None}, set())


def test_what_an_identity_asks_for_is_suggested_to_the_last_digit(panel, cell_of):
    # Wages of 2018, one of four parts of the national income: no trend could tell the last digits.
    cell = cell_of(NATION, 2018, "wage_income_per_capita")
    found, accused = judged(panel, {cell.cell_id: cell.text[:1] + cell.text[2:]})
    assert not accused
    assert found[cell.cell_id].severity == "error"
    assert found[cell.cell_id].suggested == float(cell.text)


def test_figures_that_add_up_are_not_called_slips(panel):
    """Transfers of 2001 stand apart from the years around them, but add up with the rest of the income."""
    strange = [
        cell for cell in panel.cells
        if (cell.indicator, cell.area_type, cell.ref_year) == ("transfer_income_per_capita", "urban", 2001)
    ]  # fmt: skip
    findings = panel.findings(Change({}))
    assert [findings[cell.cell_id].severity for cell in strange] == ["warning"]


def test_a_lasting_change_of_level_accuses_no_year(panel):
    line = [
        cell for cell in panel.cells
        if (cell.source, cell.indicator, cell.ref_area) == ("province_panel", PEOPLE, GANSU)
    ]  # fmt: skip
    later = {cell.cell_id: f"{float(cell.text) * 0.78:.2f}" for cell in line if cell.ref_year >= 2010}
    found, accused = judged(panel, later)
    assert not accused
    assert "error" not in {one.severity for one in found.values() if one}


def test_two_wrong_years_in_a_row_are_both_found_and_the_years_around_them_are_not(panel, cell_of):
    wrong = [cell_of(GANSU, year, INCOME, "urban") for year in (2016, 2017)]
    found, accused = judged(panel, {cell.cell_id: cell.text.replace(".", "") for cell in wrong})
    assert not accused
    assert [found[cell.cell_id].suggested for cell in wrong] == [float(cell.text) for cell in wrong]


def test_which_digit_is_missing_at_the_end_cannot_be_told(panel, cell_of):
    cell = cell_of(ZHEJIANG, 2010, PEOPLE)
    found, _ = judged(panel, {cell.cell_id: cell.text[:-1]})
    assert found[cell.cell_id].severity == "error"
    assert found[cell.cell_id].suggested is None


def test_the_clean_panel_is_left_alone(panel):
    observations, errors, warnings = clean(panel)
    assert errors < 0.005 * observations
    assert warnings < 0.03 * observations


def test_an_interval_holds_the_proportion():
    assert interval(0, 0) == (0.0, 100.0)
    low, high = interval(95, 100)
    assert low == pytest.approx(88.8, abs=0.1)
    assert high == pytest.approx(97.8, abs=0.1)
