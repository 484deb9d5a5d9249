"""What may be wrong with a failing value, in words.

Here: the names of diagnoses and what people are told of each. Not here: finding out which one it is and what number was
meant (`dbt_project/`, the models of slips), and putting one in place of a value, which only a person does.
"""

from typing import NamedTuple

SLIP = "slip"
"""What a rule names as its diagnosis where the evidence tells which slip explains a failing value, if any does."""

MISREAD = "misread"
"""The same for a text that was damaged in scanning or copying."""


ANOTHER_CONCEPT = "another_concept"
"""What a rule names where a whole column moved and its areas did not."""


class Words(NamedTuple):
    """The same in both languages."""

    en: str
    zh: str


SLIPS = {
    "shifted_decimal": Words("the decimal point is shifted", "小数点错位"),
    "wrong_unit": Words("it is in another unit", "计量单位有误"),
    "fraction_or_percent": Words("fraction and percent are mixed up", "百分数与小数混淆"),
    "mu_for_hectare": Words("mu and hectares are mixed up", "亩与公顷混淆"),
    "jin_for_kilogram": Words("jin and kilograms are mixed up", "斤与公斤混淆"),
    "inserted_digit": Words("a digit too many", "多录一位数字"),
    "dropped_digit": Words("a digit is missing", "漏录一位数字"),
    "swapped_digits": Words("two neighbouring digits are swapped", "相邻两位数字互换"),
    "misread_percent_sign": Words("a percent sign was read as digits", "百分号被误识为数字"),
    "swapped_urban_rural": Words("urban and rural are swapped", "城镇与农村数据互换"),
    "swapped_areas": Words("it is swapped with that of another area", "与另一地区的数据互换"),
    "swapped_years": Words("it is swapped with that of another year", "与另一年份的数据互换"),
    "swapped_indicators": Words("it is swapped with that of another indicator", "与另一指标的数据互换"),
    "shifted_row": Words("the figures of a column are shifted by a row", "整段数据错行"),
    "wrong_area": Words("it is the figure of another area", "误填其他地区的数据"),
    "wrong_year": Words("it is the figure of another year", "误填其他年份的数据"),
    "wrong_indicator": Words("it is the figure of another indicator", "误填其他指标的数据"),
    "net_for_disposable": Words("it is net income, not disposable income", "误将纯收入填作可支配收入"),
    "breaks_identity": Words("it does not add up with the figures beside it", "与相关各数不能相加平衡"),
    "missing_as_zero": Words("zero stands for a missing figure", "缺失数据被填为零"),
}
"""The slips of the hand, the unit or the eye that the evidence can find."""

OTHERS = {
    ANOTHER_CONCEPT: Words("the whole column is of another concept", "整列为另一口径"),
    "imputed": Words("computed from its neighbours, not observed", "由相邻数据推算，非实际观测"),
    "copied_forward": Words("the value of the year before, carried along", "沿用上年数据"),
    "foreign_currency": Words("US dollars under a heading of CNY", "以美元填报"),
    "copied_row": Words("another row of the same file, written in its place", "误将同一文件的另一行填入"),
    "copied_column": Words(
        "another column of the same file, written in its place", "误将同一文件的另一列填入"
    ),
    "shifted_rows": Words("the whole column stands a row too high or too low", "整列错行"),
    "shifted_column": Words("the whole column is another of the same file", "整列错位"),
}
"""What only a rule finds; no number can be suggested."""

MISREADINGS = {
    "misread_percent_sign": Words("a percent sign was read as digits", "百分号被误识"),
    "letter_for_digit": Words("a letter stands for a digit", "数字被误识为字母"),
    "unit_in_value": Words("the unit stands in the cell", "单元格内含单位"),
    "broken_line": Words("a line break stands in the number", "数值被换行隔开"),
}
"""What scanning and copying leave in a text."""

DIAGNOSES = {**SLIPS, **OTHERS, **MISREADINGS}

SURE = 0.9
"""The share of all that may have been meant from which a suggestion is called sure. The measured hit rates stand in
`docs/quality.md`."""


def suggested_value(diagnosis: str | None) -> str:
    """SQL of the value that was probably meant, NULL where the evidence does not say which."""
    return {SLIP: "slip_value", MISREAD: "misread_candidate"}.get(diagnosis or "", "NULL")


def named(diagnosis: str | None) -> str:
    """SQL of the name of the diagnosis, NULL where there is none."""
    if diagnosis in (SLIP, MISREAD):
        return {SLIP: "slip", MISREAD: "misread_as"}[diagnosis]
    return f"'{diagnosis}'" if diagnosis else "NULL"
