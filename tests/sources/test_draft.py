"""A declaration drafted from a page: the figures that it reads, under the labels that a person would give them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.declared.source import Declaration
from sources.draft.draft import HEAD, Draft, draft
from sources.draft.units import OPEN
from sources.errors import SourceError
from sources.parsing import parse
from sources.reading import Reader, Reading
from warehouse.register import known_names

Rows = list[list[Any]]
Fact = tuple[str, str, str, str, str]
KNOWN = known_names()


class InThisProcess(Reader):
    """Reads pages that these tests made themselves, without the cost of a process."""

    def read(self, path: Path, declaration: Declaration, file_name: str) -> Reading:
        return parse(path, declaration, file_name)


def workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def declared(found: Draft) -> Declaration:
    parts = {"layout": found.layout, "units": found.units, "series": [one.series for one in found.meanings]}
    return Declaration.model_validate(json.loads(json.dumps({**HEAD, "source": "page", **parts})))


def facts(path: Path, found: Draft) -> set[Fact]:
    """Area, period, indicator label, unit and text of every figure, as read by the draft."""
    declaration = declared(found)
    units = {one.label: one.unit for one in declaration.series}
    return {
        (area, time, label, unit or units[label] or "", value)
        for area, time, label, unit, value in parse(path, declaration, path.name)
        .cells.select("ref_area_label", "time_label", "indicator_label", "unit_text", "value_text")
        .iter_rows()
    }


def crossed(areas: list[str], columns: list[tuple[str, str, str]], values: Rows) -> set[Fact]:
    """The facts of a page of areas down, each column with its period, label and unit."""
    return {
        (area, time, label, unit, str(value))
        for area, row in zip(areas, values, strict=True)
        for (time, label, unit), value in zip(columns, row, strict=True)
        if value is not None
    }


TWO = ["北京市", "天津市"]
VALUES = [[11, 12, 13, 14], [21, 22, 23, 24]]
POPULATION, INCOME = "常住人口", "人均可支配收入"
YEARS = [("2019年", POPULATION, "万人"), ("2020年", POPULATION, "万人")]
Page = tuple[str, dict[str, Rows], set[Fact]]


def pages() -> Iterator[tuple[str, str, dict[str, Rows], set[Fact]]]:
    """Pages as yearbooks print them: what is peculiar, the name of the file, its sheets, what a person reads there."""
    two = [row[:2] for row in VALUES]
    body = [[area, *row] for area, row in zip(TWO, two, strict=True)]
    wide = [[area, *row] for area, row in zip(TWO, VALUES, strict=True)]
    yield (
        "years across, title, unit line and notes",
        "a.xlsx",
        {
            "表": [
                ["3-1 常住人口"],
                ["单位：万人"],
                ["地区", "2019年", "2020年"],
                *body,
                ["注：年末数。"],
                ["资料来源：统计局"],
            ]
        },
        crossed(TWO, YEARS, two),
    )
    yield (
        "years down, areas across",
        "b.xlsx",
        {
            "表": [
                ["常住人口"],
                [None, None, "单位：万人"],
                ["年份", *TWO],
                ["2019年", 11, 21],
                ["2020年", 12, 22],
            ]
        },
        crossed(TWO, YEARS, two),
    )
    yield (
        "indicators across with units in brackets, the year in the title",
        "c.xlsx",
        {"表": [["2020年主要指标"], ["地区", "常住人口（万人）", "人均可支配收入（元）"], *body]},
        crossed(TWO, [("2020", POPULATION, "万人"), ("2020", INCOME, "元")], two),
    )
    yield (
        "a heading of two rows, the upper one merged over years",
        "d.xlsx",
        {
            "表": [
                ["主要指标"],
                ["单位：元"],
                ["地区", "城镇居民", None, "农村居民", None],
                [None, 2019, 2020, 2019, 2020],
                *wide,
            ]
        },
        crossed(
            TWO,
            [
                ("2019", "城镇居民", "元"),
                ("2020", "城镇居民", "元"),
                ("2019", "农村居民", "元"),
                ("2020", "农村居民", "元"),
            ],
            VALUES,
        ),
    )
    yield (
        "years merged over indicators",
        "e.xlsx",
        {
            "表": [
                ["地区", "2019年", None, "2020年", None],
                [None, *["常住人口（万人）", "人均可支配收入（元）"] * 2],
                *wide,
            ]
        },
        crossed(
            TWO,
            [
                ("2019年", POPULATION, "万人"),
                ("2019年", INCOME, "元"),
                ("2020年", POPULATION, "万人"),
                ("2020年", INCOME, "元"),
            ],
            VALUES,
        ),
    )
    yield (
        "a heading of two rows of indicators, the year in the name of the file",
        "统计年鉴2021年.xlsx",
        {
            "表": [
                ["单位：元"],
                ["地区", "城镇居民", None, "农村居民", None],
                [None, *["收入", "消费"] * 2],
                *wide,
            ]
        },
        crossed(
            TWO,
            [
                ("2021", f"{who}/{what}", "元")
                for who in ("城镇居民", "农村居民")
                for what in ("收入", "消费")
            ],
            VALUES,
        ),
    )
    stacked = [
        ["地区", "2019年", "2020年"],
        ["一、常住人口（万人）"],
        *body,
        ["二、人均可支配收入（元）"],
        *body,
    ]
    yield (
        "indicators stacked, with numbers and units",
        "f.xlsx",
        {"表": stacked},
        crossed(TWO, YEARS, two) | crossed(TWO, [("2019年", INCOME, "元"), ("2020年", INCOME, "元")], two),
    )
    yield (
        "one sheet a year, and a list of contents",
        "g.xlsx",
        {
            "目录": [["页", 7]],
            "2019年": [["地区", "常住人口（万人）"], ["北京市", 11], ["天津市", 21]],
            "2020年": [["地区", "常住人口（万人）"], ["北京市", 12], ["天津市", 22]],
        },
        crossed(TWO, [("2019", POPULATION, "万人"), ("2020", POPULATION, "万人")], two),
    )
    yield (
        "a table and its continuation on the next sheet",
        "h.xlsx",
        {
            "表": [["常住人口"], ["单位：万人"], ["地区", "2019年", "2020年"], body[0]],
            "续表": [["常住人口"], ["单位：万人"], ["地区", "2019年", "2020年"], body[1]],
        },
        crossed(TWO, YEARS, two),
    )
    yield (
        "two tables one below the other",
        "i.xlsx",
        {
            "表": [
                ["表1 常住人口"],
                ["单位：万人"],
                ["地区", "2019年", "2020年"],
                *body,
                ["注：甲"],
                ["表2 人均可支配收入"],
                ["单位：元"],
                ["地区", "2019年", "2020年"],
                *body,
            ]
        },
        crossed(TWO, YEARS, two) | crossed(TWO, [("2019年", INCOME, "元"), ("2020年", INCOME, "元")], two),
    )
    yield (
        "indicators down with a column of units, of the nation",
        "j.xlsx",
        {
            "表": [
                ["指标", "单位", "2019年", "2020年"],
                ["常住人口", "万人", 11, 12],
                ["人均可支配收入", "元", 21, 22],
            ]
        },
        {
            ("全国", time, label, unit, value)
            for time, label, unit, value in [
                ("2019年", POPULATION, "万人", "11"),
                ("2020年", POPULATION, "万人", "12"),
                ("2019年", INCOME, "元", "21"),
                ("2020年", INCOME, "元", "22"),
            ]
        },
    )
    yield (
        "areas in two languages in two columns, headings in two rows",
        "k.xlsx",
        {
            "表": [
                ["地区", "Region", "常住人口", "人均可支配收入"],
                [None, None, "Population", "Income"],
                [None, None, "（万人）", "（元）"],
                ["北京市", "Beijing", 11, 12],
                ["天津市", "Tianjin", 21, 22],
            ],
            "封面": [["2020年统计年鉴"]],
        },
        crossed(TWO, [(OPEN, POPULATION, "万人"), (OPEN, INCOME, "元")], two),
    )
    yield (
        "areas in two languages in one cell",
        "l.xlsx",
        {
            "表": [
                ["常住人口"],
                ["单位：万人"],
                ["地区 Region", "2019年", "2020年"],
                ["北京市 Beijing", 11, 12],
                ["天津市 Tianjin", 21, 22],
            ]
        },
        crossed(TWO, YEARS, two),
    )
    yield (
        "running numbers and codes before the areas",
        "m.xlsx",
        {
            "表": [
                ["常住人口"],
                ["单位：万人"],
                ["序号", "代码", "地区", "2019年", "2020年"],
                [1, "110000", "北京市", 11, 12],
                [2, "120000", "天津市", 21, 22],
            ]
        },
        crossed(["110000", "120000"], YEARS, two),
    )
    yield (
        "two halves side by side",
        "n.xlsx",
        {
            "表": [
                ["常住人口"],
                ["单位：万人"],
                ["地区", "2019年", "2020年", "地区", "2019年", "2020年"],
                ["北京市", 11, 12, "天津市", 21, 22],
                ["河北省", 31, 32, "山西省", 41, 42],
            ]
        },
        crossed([*TWO, "河北省", "山西省"], YEARS, [*two, [31, 32], [41, 42]]),
    )
    yield (
        "some indicators with their unit, the others by the unit line",
        "o.xlsx",
        {"表": [["2020年主要指标"], ["单位：元"], ["地区", "常住人口（万人）", "人均可支配收入"], *body]},
        crossed(TWO, [("2020", POPULATION, "万人"), ("2020", INCOME, "元")], two),
    )
    yield (
        "missing figures in many ways, footnote signs",
        "p.xlsx",
        {
            "表": [
                ["常住人口"],
                ["单位：万人"],
                ["地区", "2019年①", "2020年"],
                ["北京市", "…", 12],
                ["天津市", 21, None],
                ["河北省", "31①", "-"],
                ["①指初步数。"],
            ]
        },
        {
            ("北京市", "2019", POPULATION, "万人", "…"),
            ("北京市", "2020", POPULATION, "万人", "12"),
            ("天津市", "2019", POPULATION, "万人", "21"),
            ("河北省", "2019", POPULATION, "万人", "31①"),
            ("河北省", "2020", POPULATION, "万人", "-"),
        },
    )
    yield (
        "one row a figure, in columns of the bureau's own names",
        "q.xlsx",
        {
            "表": [
                ["地区", "年份", "指标", "单位", "数值"],
                ["北京市", 2019, "常住人口", "万人", 11],
                ["天津市", 2020, "人均可支配收入", "元", 22],
            ]
        },
        {("北京市", "2019", POPULATION, "万人", "11"), ("天津市", "2020", INCOME, "元", "22")},
    )
    yield (
        "years in the headings of the indicators",
        "r.xlsx",
        {"表": [["地区", "2019年常住人口（万人）", "2020年常住人口（万人）"], *body]},
        crossed(TWO, [("2019", POPULATION, "万人"), ("2020", POPULATION, "万人")], two),
    )
    yield (
        "areas stacked above the years",
        "s.xlsx",
        {
            "表": [
                ["年份", "常住人口（万人）", "人均可支配收入（元）"],
                ["北京市"],
                ["2019年", 11, 12],
                ["2020年", 13, 14],
                ["天津市"],
                ["2019年", 21, 22],
                ["2020年", 23, 24],
            ]
        },
        {
            (area, time, label, unit, str(value))
            for area, rows in zip(TWO, VALUES, strict=True)
            for (time, label, unit), value in zip(
                [
                    ("2019年", POPULATION, "万人"),
                    ("2019年", INCOME, "元"),
                    ("2020年", POPULATION, "万人"),
                    ("2020年", INCOME, "元"),
                ],
                rows,
                strict=True,
            )
        },
    )
    yield (
        "the years of two pages joined in a heading of three rows",
        "t.xlsx",
        {
            "表": [
                ["地区", "人口", None, "收入", None],
                [None, "常住人口（万人）", None, "人均可支配收入（元）", None],
                [None, *["2019", "2020"] * 2],
                *wide,
            ]
        },
        crossed(
            TWO,
            [
                ("2019", "人口/常住人口", "万人"),
                ("2020", "人口/常住人口", "万人"),
                ("2019", "收入/人均可支配收入", "元"),
                ("2020", "收入/人均可支配收入", "元"),
            ],
            VALUES,
        ),
    )
    yield (
        "areas that no register has, the title in the middle",
        "u.xlsx",
        {
            "表": [
                [None, None, "常住人口"],
                [None, None, None, "单位：万人"],
                ["地区", "2019年", "2020年", "2021年"],
                ["高新区甲", 11, 12, 13],
                ["经开区乙", 21, 22, 23],
            ]
        },
        crossed(
            ["高新区甲", "经开区乙"], [*YEARS, ("2021年", POPULATION, "万人")], [[11, 12, 13], [21, 22, 23]]
        ),
    )
    items = [
        ("年末常住人口 Resident Population (year-end)", "万人 10 000 persons"),
        ("粮食产量 Grain Output", "万吨 10 000 tons"),
    ]
    yield (
        "indicators down and their units, both with their English",
        "bilingual.xlsx",
        {
            "表": [
                ["2-1 主要指标 Main Indicators"],
                ["指标 Item", "单位 Unit", 2019, 2020],
                *([*item, *row] for item, row in zip(items, two, strict=True)),
            ]
        },
        {
            ("全国", year, item, unit.split()[0], str(value))
            for (item, unit), row in zip(items, two, strict=True)
            for year, value in zip(("2019", "2020"), row, strict=True)
        },
    )
    yield (
        "indicators down, their amount and growth across",
        "growth.xlsx",
        {
            "表": [
                ["2020年居民收支"],
                ["指标", "绝对值（元）", "比上年增长（%）"],
                ["居民人均可支配收入", 11, 12],
                ["其中：城镇居民", 21, 22],
            ]
        },
        {
            ("全国", "2020", label, unit, str(value))
            for label, row in zip(("居民人均可支配收入", "城镇居民"), two, strict=True)
            for unit, value in zip(("元", "%"), row, strict=True)
        },
    )
    prefectures = ["恩施州", "延边朝鲜族自治州"]
    yield (
        "years down, autonomous prefectures across by their short and whole names, units below",
        "prefectures.xlsx",
        {
            "表": [
                ["常住人口"],
                ["年份", *prefectures],
                [None, "万人", "万人"],
                ["2019年", 11, 21],
                ["2020年", 12, 22],
            ]
        },
        crossed(prefectures, YEARS, two),
    )
    yield (
        "figures that look like years",
        "v.xlsx",
        {"表": [["单位：人"], ["地区", "常住人口"], ["北京市", 2011], ["天津市", 2012], ["河北省", 2013]]},
        crossed([*TWO, "河北省"], [(OPEN, POPULATION, "人")], [[2011], [2012], [2013]]),
    )
    yield (
        "two units in one unit line",
        "w.xlsx",
        {"表": [["2020年"], ["单位：万人、元"], ["地区", "常住人口", "人均可支配收入"], *body]},
        crossed(TWO, [("2020", POPULATION, OPEN), ("2020", INCOME, OPEN)], two),
    )
    yield (
        "the area in the name of the sheet",
        "x.xlsx",
        {
            area: [["指标", "2019年", "2020年"], ["常住人口（万人）", *row]]
            for area, row in zip(TWO, two, strict=True)
        },
        crossed(TWO, YEARS, two),
    )
    yield (
        "kinds of area across",
        "y.xlsx",
        {"表": [["2020年人均可支配收入"], ["单位：元"], ["地区", "城镇", "农村"], *body]},
        crossed(TWO, [("2020", "年人均可支配收入", "元")] * 2, two),
    )
    yield (
        "the growth beside each figure",
        "z.xlsx",
        {
            "表": [
                ["2020年"],
                ["地区", "常住人口", None, "人均可支配收入", None],
                [None, *["绝对数（万人）", "增速（%）", "绝对数（元）", "增速（%）"]],
                *wide,
            ]
        },
        crossed(
            TWO,
            [
                ("2020", "常住人口/绝对数", "万人"),
                ("2020", "常住人口/增速", "%"),
                ("2020", "人均可支配收入/绝对数", "元"),
                ("2020", "人均可支配收入/增速", "%"),
            ],
            VALUES,
        ),
    )
    yield (
        "counties below their cities, in two columns",
        "aa.xlsx",
        {
            "表": [
                ["单位：人"],
                ["市", "区县", "常住人口"],
                ["南京市", "鼓楼区", 11],
                [None, "玄武区", 21],
                ["徐州市", "鼓楼区", 31],
            ]
        },
        crossed(["鼓楼区", "玄武区", "鼓楼区"], [(OPEN, POPULATION, "人")], [[11], [21], [31]]),
    )
    yield (
        "quarters across",
        "ab.xlsx",
        {"表": [["常住人口"], ["单位：万人"], ["地区", "2020年一季度", "2020年二季度"], *body]},
        crossed(TWO, [("2020年一季度", POPULATION, "万人"), ("2020年二季度", POPULATION, "万人")], two),
    )
    yield (
        "a text column between the figures",
        "ac.xlsx",
        {
            "表": [
                ["常住人口"],
                ["单位：万人"],
                ["地区", "2019年", "备注", "2020年"],
                ["北京市", 11, "初步", 12],
                ["天津市", 21, None, 22],
            ]
        },
        crossed(TWO, YEARS, two),
    )


PAGES = list(pages())
MISSED: set[str] = set()
"""Pages of which the draft does not read all figures under the right labels."""


def understood(path: Path, expected: set[Fact]) -> tuple[bool, set[Fact]]:
    with InThisProcess() as reader:
        found = draft(path, "page", KNOWN, reader)
    read = facts(path, found)
    return read == expected, read


@pytest.mark.parametrize("page", PAGES, ids=[page[0] for page in PAGES])
def test_a_page_is_read_as_a_person_reads_it(
    page: tuple[str, str, dict[str, Rows], set[Fact]], tmp_path: Path
) -> None:
    peculiar, name, sheets, expected = page
    is_right, read = understood(workbook(tmp_path / name, sheets), expected)
    assert is_right == (peculiar not in MISSED), (sorted(read - expected), sorted(expected - read))


def test_what_is_missed_is_counted() -> None:
    assert len(PAGES) == 33
    assert len(MISSED) == 0


def test_quarters_make_a_quarterly_source(tmp_path: Path) -> None:
    page = next(page for page in PAGES if page[0] == "quarters across")
    with InThisProcess() as reader:
        assert draft(workbook(tmp_path / "f.xlsx", page[2]), "page", KNOWN, reader).frequency == "Q"


def test_a_label_that_the_register_has_is_taken_for_it_with_its_kind_of_area(tmp_path: Path) -> None:
    rows = [
        [
            "地区",
            "城镇居民人均可支配收入（元）",
            "农村常住居民人均可支配收入（元）",
            "常住人口城镇化率（%）",
            "年末常住人口（万人）",
        ],
        ["北京市", 1, 2, 3, 4],
    ]
    with InThisProcess() as reader:
        found = draft(workbook(tmp_path / "f.xlsx", {"表": rows}), "page", KNOWN, reader)
    assert [(one.series["indicator"], one.series["area_type"]) for one in found.meanings] == [
        ("disposable_income_per_capita", "urban"),
        ("disposable_income_per_capita", "rural"),
        ("resident_urbanization_rate", "total"),
        ("resident_population", "total"),
    ]


def test_a_label_that_is_merely_near_is_left_to_a_person(tmp_path: Path) -> None:
    rows = [["地区", "人均可支配收人（元）", "公共汽车（辆）"], ["北京市", 1, 2]]
    with InThisProcess() as reader:
        near, strange = draft(workbook(tmp_path / "f.xlsx", {"表": rows}), "page", KNOWN, reader).meanings
    assert near.series["indicator"] == "page_1"
    assert "disposable_income_per_capita" in near.near
    assert strange.indicator is not None
    assert strange.indicator["unit_measure"] == "PAGE_UNIT_1"
    assert strange.near == ()


def test_a_tidy_header_makes_a_tidy_source(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "obs_value,ref_area,time_period,indicator,area_type,unit_measure\n1,110000,2020,gdp,total,亿元\n"
    )
    with InThisProcess() as reader:
        found = draft(path, "page", KNOWN, reader)
    assert found.layout == {"kind": "tidy"}
    assert found.reading.cells.height == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("f.csv", "", "draft.unreadable"),
        ("f.csv", "甲,乙\n丙,丁\n", "draft.no_table"),
        ("f.doc", "1", "draft.unreadable"),
        ("f.xlsx", "not a workbook", "draft.unreadable"),
    ],
)
def test_a_file_without_a_table_is_one_clear_error(
    tmp_path: Path, name: str, content: str, code: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with Reader() as reader, pytest.raises(SourceError) as error:
        draft(path, "page", KNOWN, reader)
    assert error.value.code == code


def drafted_or_refused(path: Path) -> Draft | None:
    """A draft, or None where the file was refused in one clear sentence."""
    with InThisProcess() as reader:
        try:
            return draft(path, "page", KNOWN, reader)
        except SourceError as error:
            if error.code not in ("draft.no_table", "draft.unreadable"):
                raise
            return None


AREAS = ["北京市", "天津市", "河北省", "山西省", "高新区甲"]
MEASURES = ["常住人口", "人均可支配收入", "道路清扫保洁面积", "P1/P"]
CELL = st.one_of(
    st.integers(-10, 99999),
    st.floats(0, 1e6).map(lambda one: round(one, 2)),
    st.sampled_from(["…", "-", None]),
)


@st.composite
def simple_pages(draw: st.DrawFn) -> dict[str, Rows]:
    """A page of two of areas, years and indicators crossed, with or without title, unit line and notes."""
    years = [
        str(year) + draw(st.sampled_from(["", "年"])) for year in range(2015, 2015 + draw(st.integers(1, 4)))
    ]
    axes = [
        draw(st.permutations(AREAS))[: draw(st.integers(1, 4))],
        years,
        MEASURES[: draw(st.integers(1, 4))],
    ]
    down, across = draw(st.permutations(axes))[:2]
    title = draw(st.sampled_from([[], [["3-1 某表"]], [["某表（2020年）"], ["单位：元"]]]))
    upper = draw(st.sampled_from([[], [["地区", "合计"]]]))
    body = [[label, *(draw(CELL) for _ in across)] for label in down]
    notes = draw(st.sampled_from([[], [["注：某注"]]]))
    return {"表": [*title, *upper, [draw(st.sampled_from(["地区", None, "年份"])), *across], *body, *notes]}


@settings(max_examples=150)
@given(page=simple_pages())
def test_any_simple_page_gives_a_declaration_that_loads_or_one_clear_error(
    page: dict[str, Rows], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = workbook(tmp_path_factory.mktemp("page") / "f.xlsx", page)
    found = drafted_or_refused(path)
    if found:
        declared(found)
        assert found.reading.cells.height <= found.figures


@settings(max_examples=60)
@given(
    rows=st.lists(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=8)), max_size=6), max_size=12)
)
def test_anything_in_cells_gives_a_declaration_that_loads_or_one_clear_error(
    rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "f.csv"
    path.write_text(
        "\n".join(",".join("" if one is None else str(one) for one in row) for row in rows),
        encoding="utf-8",
        errors="replace",
    )
    found = drafted_or_refused(path)
    if found:
        declared(found)
