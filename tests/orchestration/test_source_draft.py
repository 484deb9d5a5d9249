"""A new source as a person makes one: a draft from a file, completed, checked."""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from sources.declared.source import load_declaration
from tests.conftest import Released
from warehouse.collection import declared_sources
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.settings import load_settings

Type = Callable[..., Result]
PAGE = "2020年主要指标\n地区,常住人口（万人）,公共厕所（座）\n北京市,2189,6.1\n天津市,1387,4.2\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "指标.csv"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_draft_loads_and_says_how_it_reads_the_file(home: Home, type_: Type, page: Path) -> None:
    done = type_("source", "new", "toilets", str(page))
    assert done.exit_code == 0, done.output
    declaration = load_declaration(home.sources / "toilets")
    assert {one.label: one.indicator for one in declaration.series} == {
        "常住人口": "resident_population",
        "公共厕所": "toilets_2",
    }
    lines = done.stdout.splitlines()
    assert lines[0] == f"Draft: {home.sources / 'toilets' / 'source.yml'}"
    assert "    B3 · 北京市 · 2020 · 常住人口 → resident_population · 2189 · 万人" in lines
    assert "Read as drafted: 4 of 4 figures; rejects: 0." in lines
    assert "Areas not known: 0; indicators not known: 1." in lines
    assert f"tongji check {shlex.quote(str(page))} --source toilets" in done.stdout
    assert "toilets" in declared_sources(home, load_settings(home))


def test_every_question_to_a_person_is_marked_in_the_file_and_counted(
    home: Home, type_: Type, page: Path
) -> None:
    done = type_("source", "new", "toilets", str(page))
    text = (home.sources / "toilets" / "source.yml").read_text(encoding="utf-8")
    asked = [line for line in text.splitlines()[1:] if "  # << " in line]
    assert f"{len(asked)} lines marked << remain" in done.stdout
    assert {line.split(":")[0] for line in asked} >= {"title", "producer", "citation", "licence", "authority"}
    assert sum("toilets_2" in line for line in asked) == 2
    assert not [line for line in asked if "resident_population" in line]


def test_labels_that_may_be_no_areas_are_asked_about_and_counted(
    home: Home, type_: Type, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "2020年\n,常住人口（万人）\n桐香市,1\n济南高新区,2\n某某区,3\n另一处,4\n杭州市,5\n", encoding="utf-8"
    )
    done = type_("source", "new", "near", str(path))
    assert done.exit_code == 0, done.output
    assert "Areas not known: 4 (桐香市, 济南高新区, 某某区, …); indicators not known: 0." in done.stdout
    text = (home.sources / "near" / "source.yml").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "ref_area:" in line]
    assert "{column: A}  # << most of these labels" in line


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Toilets", "cannot name a source"),
        ("../x", "cannot name a source"),
        ("submission", "is there already"),
    ],
)
def test_a_name_that_will_not_do_is_refused(
    home: Home, type_: Type, page: Path, name: str, said: str
) -> None:
    done = type_("source", "new", name, str(page))
    assert (done.exit_code, list(home.sources.iterdir())) == (1, [])
    assert said in done.stderr


def test_a_source_that_is_there_is_not_overwritten(home: Home, type_: Type, page: Path) -> None:
    assert type_("source", "new", "toilets", str(page)).exit_code == 0
    before = (home.sources / "toilets" / "source.yml").read_bytes()
    again = type_("source", "new", "toilets", str(page))
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert (home.sources / "toilets" / "source.yml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "", "is empty (0 bytes)"),
        ("x.csv", "甲,乙\n丙,丁\n", "holds no table of figures"),
        ("x.doc", "1", "of a type that is not read (.doc)"),
        ("x.xlsx", "1", "is not what its ending .xlsx says"),
    ],
)
def test_a_file_that_gives_no_draft_leaves_nothing_behind(
    home: Home, type_: Type, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    done = type_("source", "new", "toilets", str(tmp_path / name))
    assert (done.exit_code, list(home.sources.iterdir())) == (1, [])
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_text_of_the_file_cannot_become_yaml(home: Home, type_: Type, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("表: {a}  # b\n地区,\"甲: [1]  # '乙'（万人）\"\n北京市,1\n", encoding="utf-8")
    done = type_("source", "new", "odd", str(path))
    assert done.exit_code == 0, done.output
    declaration = load_declaration(home.sources / "odd")
    assert declaration.title.zh == "表: {a}  # b"
    assert declaration.series[0].label == "甲: [1]  # '乙'"


@pytest.mark.slow
def test_a_draft_as_it_stands_stops_no_release(home: Home, type_: Type, page: Path) -> None:
    assert type_("source", "new", "toilets", str(page)).exit_code == 0
    folder = home.inbox / "toilets"
    folder.mkdir()
    shutil.copy(page, folder)
    done = type_("refresh")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1].startswith("observations ")


@pytest.mark.parametrize("bundled", ["province_panel", "province_urbanization"])
def test_the_bundled_tables_are_read_whole_by_a_draft(home: Home, type_: Type, bundled: str) -> None:
    (file,) = (BUNDLED_SOURCES / bundled / "files").iterdir()
    done = type_("source", "new", "again", str(file))
    assert done.exit_code == 0, done.output
    cells = {"province_panel": "2,480", "province_urbanization": "620"}[bundled]
    assert f"Read as drafted: {cells} of {cells} figures; rejects: 0." in done.stdout


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "cells", "first"),
    [
        (
            "nbs_portal_csv/province_gbk_legacy_portal.csv",
            775,
            "北京市 · 2017年 · 地区生产总值 → gdp · 28014.94 · 亿元",
        ),
        ("nbs_portal_csv/province_utf8bom_new_portal.csv", 403, "北京市 · 2023年 · ? → new_1 · 521.91 · ?"),
        (
            "nbs_portal_xls/national_annual.xls",
            42,
            "全国 · 2024年 · 道路清扫保洁面积 → new_1 · 1163205 · 万平方米",
        ),
        ("nbs_portal_xls/population_annual.xls", 95, "全国 · 2024年 · 年末总人口 → new_1 · 140828 · 万人"),
        ("province_panel_2000_2019.xlsx", 10540, "北  京 · 2000 · 居民可支配收入 → new_1 · 9065.07328 · 元"),
        ("asem/Input.IndData.csv", 2436, "Austria · 2018 · Goods → new_1 · 278.4264 · ?"),
    ],
)
def test_a_table_of_others_is_read_whole_by_a_draft(
    home: Home, type_: Type, shared: Path, file: str, cells: int, first: str
) -> None:
    """What no text of the file tells (the new portal names no indicator, some no unit) stays open."""
    done = type_("source", "new", "new", str(shared / "corpus" / file))
    assert done.exit_code == 0, done.output
    assert f"Read as drafted: {cells:,} of {cells:,} figures; rejects: 0." in done.stdout
    assert done.stdout.splitlines()[2].endswith(first)


def test_the_draft_speaks_chinese(released: Released, page: Path, tmp_path: Path) -> None:
    done = released.tongji(
        "source", "new", "cesuo", str(page), TONGJI_LANG="zh", TONGJI_HOME=str(tmp_path / "h")
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("草稿：")
    text = (tmp_path / "h" / "sources" / "cesuo" / "source.yml").read_text(encoding="utf-8")
    assert "# << 数据的发布者" in text
