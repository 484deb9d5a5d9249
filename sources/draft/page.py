"""A page as drafting sees it: texts by row and column, and what kind of text each one looks like.

Here: single texts. Not here: which of them form a table (`blocks.py`), what they label (`labels.py`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import polars as pl

from sources.sheets.remainder import NUMBER

Kind = Literal["year", "area", "unit", "area_type", "indicator"]

LOOKED_AT = 2_000
"""Rows of a sheet that are looked at; a table shows its layout long before."""

SIGN = r"(?:[①-⒇*＊†‡§¹²³⁰-⁹]|[\[［【]\s*注?\s*[0-9a-z]{1,2}\s*[\]］】]|注\s*[0-9]{1,2})"
FIGURE = re.compile(rf"{NUMBER[:-1]}\s*{SIGN}*$")
YEAR = re.compile(rf"^((?:18|19|20)\d{{2}})(?:\.0)?\s*(?:年(?:度|末|底)?)?\s*{SIGN}*$")
WITHIN_YEAR = {
    "Q": re.compile(r"^(?:18|19|20)\d{2}\s*(?:年\s*第?[一二三四1-4]季度?|-?Q[1-4])$"),
    "S": re.compile(r"^(?:18|19|20)\d{2}\s*(?:年\s*[上下]半年|-?[SH][12])$"),
    "M": re.compile(
        r"^(?:18|19|20)\d{2}\s*(?:年\s*\d{1,2}(?:[-－—~～至]\d{1,2})?月份?|-(?:0[1-9]|1[0-2])|-?M\d{1,2})$"
    ),
}
"""Periods shorter than a year, by their frequency."""

YEAR_WITHIN = re.compile(r"(?<!\d)((?:18|19|20)\d{2})(?!\d)\s*年?")
CODE = re.compile(r"^\d{6}$")
NOTE = re.compile(r"^(注|资料来源|数据来源|说明|Note)")
UNIT_LINE = re.compile(r"(?:单位|單位|[Uu]nit)\s*[:：]\s*([^\s)）]+)")
BRACKETED = re.compile(r"[（(]([^（()）]+)[)）]\s*$")
UNIT = re.compile(
    r"^(?:[十百千万亿萬億]|百万|百萬|千万|十万|10)*"
    r"(?:美?元|人|户|戶|口|吨|斤|公斤|千克|公顷|亩|平方.{1,2}|立方.|公里|千米|米|个|家|所|台|辆|艘|件|张|座|床|篇|册|种|度|千瓦时?|"
    r"倍|岁|年|天|日|小时|次|份|标准煤|%|％|‰)(?:[/／].{1,4})?$"
)
BILINGUAL = re.compile(r"^([\u4e00-\u9fff][^A-Za-z]*?)\s*[A-Za-z][A-Za-z' .-]*$")
AND_ENGLISH = re.compile(r"^([\u4e00-\u9fff%％‰][^A-Za-z\d\s]*)\s+[A-Za-z\d][^\u4e00-\u9fff]*$")
"""A Chinese text that an English one repeats after a space, as in 万人 10 000 persons."""

AREA_TYPES = {"全体", "合计", "城镇", "农村", "乡村", "城市", "城鎮", "農村", "total", "urban", "rural"}

HEADS: Mapping[Kind, re.Pattern[str]] = {
    "year": re.compile(r"^(年份?|年度|时间|時間|year|time|time_period|period)$", re.IGNORECASE),
    "area": re.compile(
        r"^(地区|地區|省份|省|省市|市县|县市|城市|市|县|区县|国家|国别|行政区.*|区域|region|area|province|city|country|ref_area|"
        r"unitname|name)$",
        re.IGNORECASE,
    ),
    "unit": re.compile(r"^(单位|計量單位|计量单位|unit|unit_measure)$", re.IGNORECASE),
    "indicator": re.compile(r"^(指标|指標|项目|項目|指标名称|indicator|item)$", re.IGNORECASE),
    "area_type": re.compile(r"^(城乡|类别|类型|area_type)$", re.IGNORECASE),
}
"""What the heading of a column of labels says of it."""

AUTONOMOUS = re.compile(r"(..+)自治([区州县旗])")
OTHER_HEAD = re.compile(r"^(序号|编号|id|no\.?|代码|区划代码|行政区划代码|code|unitcode)$", re.IGNORECASE)


def is_period(text: str) -> bool:
    """Whether a text is a year or a part of one."""
    return bool(YEAR.match(text)) or any(part.match(text) for part in WITHIN_YEAR.values())


def plain(text: str) -> str:
    """A text without white space and footnote signs, as registers spell it."""
    return re.sub(rf"{SIGN}+$", "", re.sub(r"\s", "", text)) or text


def chinese(text: str) -> str:
    """A text without the English that repeats it."""
    found = AND_ENGLISH.match(text.strip())
    return found[1] if found else text


@dataclass(frozen=True)
class Known:
    """What the registers know.

    Attributes:
        areas: names and codes.
        units: unit text → unit of measure.
        indicators: name in either language, or id → id of base indicators.
        marks: texts that stand for a missing figure.
    """

    areas: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    def is_area(self, text: str) -> bool:
        """Whether a text is the name or code of an area, spelled in full or without its ending."""
        both = BILINGUAL.match(text)
        name = plain(both[1] if both else text)
        return name in self.areas or (len(name) > 1 and self._short(name))

    def _short(self, name: str) -> bool:
        endings = ("省", "市", "县", "区", "旗", "盟", "地区", "自治州", "自治县", "自治区")
        return name in self._autonomous or any(name + ending in self.areas for ending in endings)

    @cached_property
    def _autonomous(self) -> frozenset[str]:
        """Beginnings of the autonomous areas, alone and with their kind: 恩施, 恩施州 and 恩施自治州."""
        found = [one for one in map(AUTONOMOUS.fullmatch, self.areas) if one]
        stems = [(one[1][:end], one[2]) for one in found for end in range(2, len(one[1]) + 1)]
        return frozenset(form for stem, kind in stems for form in (stem, stem + kind, f"{stem}自治{kind}"))

    def is_unit(self, text: str) -> bool:
        """Whether a text names a unit, in the register or by its looks."""
        name = plain(chinese(text)).strip("()（）")
        return name in self.units or name.upper() in self.units or bool(UNIT.match(name))

    def is_mark(self, text: str) -> bool:
        """Whether a text stands for a missing figure."""
        return text.upper() in self.marks

    def is_figure(self, text: str) -> bool:
        """Whether a text is a number or stands for a missing one."""
        return bool(FIGURE.match(text)) or self.is_mark(text)

    def kind(self, texts: Iterable[str]) -> Kind:
        """What most of some labels are."""
        found = [text for text in texts if text]
        if not found:
            return "indicator"
        tests = {
            "year": is_period,
            "area_type": lambda text: plain(text).lower() in AREA_TYPES,
            "unit": self.is_unit,
            "area": self.is_area,
        }
        for kind, test in tests.items():
            if 2 * sum(map(test, found)) > len(found):
                return kind  # type: ignore[return-value]
        return "indicator"


@dataclass(frozen=True)
class Page:
    """One sheet: its name, and its texts by row and column, both from 1."""

    name: str
    number: int
    rows: Mapping[int, Mapping[int, str]]

    @cached_property
    def width(self) -> int:
        """The last column with a text."""
        return max((max(row) for row in self.rows.values()), default=0)

    def text(self, row: int, column: int) -> str:
        """The text in a cell; empty where nothing stands."""
        return self.rows.get(row, {}).get(column, "")


def pages_of(cells: pl.DataFrame, sheets: list[str]) -> list[Page]:
    """The sheets with any text, from cells that hold every text (see `draft.EVERY_TEXT`)."""
    rows: dict[int, dict[int, dict[int, str]]] = {}
    looked_at = cells.filter(pl.col("row_no") <= LOOKED_AT)
    for sheet, row, column, text in looked_at.select(
        "sheet_no", "row_no", "col_no", "value_text"
    ).iter_rows():
        rows.setdefault(sheet, {}).setdefault(row, {})[column] = text
    return [Page(sheets[number - 1], number, rows[number]) for number in sorted(rows)]
