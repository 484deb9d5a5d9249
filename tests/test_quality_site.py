"""The quality report of a release: whole, readable without a network, and safe whatever a file says."""

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from expectations.rulebook import load_rules
from orchestration.quality_site import PAGE_ROWS, quality_site
from tests.conftest import Released
from warehouse.home import Home

PAGES = ("index.html", "problems.html", "validation.html", "suite.html")
HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
HOSTILE_NAME = "<img src=x onerror=alert(1)>.csv"
HOSTILE = f"""<script>alert(1)</script>,2020,gdp,total,1,亿元
110000,2020,gdp,total,=cmd|' /C calc'!A0,亿元
110000,2019,gdp,total,@SUM(1),亿元
110000,2018,"gdp""><svg onload=alert(1)>",total,1,亿元
110000,2017,gdp,total,{"x" * 400},亿元
310000,2020,resident_urbanization_rate,total,2.5,FRACTION
310000,2020,resident_population,total,990000.00,万人
"""
LOADED = {"src", "srcset", "data", "action", "background", "poster", "formaction", "xlink:href"}


def quality(released: Released) -> Path:
    return released.home.releases / "current" / "quality"


def sheets(released: Released) -> dict[str, list[dict[str, str]]]:
    """The rows of each source's sheet, by the Chinese part of the headings."""
    found = {}
    for path in sorted((quality(released) / "problems").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            found[path.stem] = [
                {name.partition(" / ")[0]: text for name, text in row.items()} for row in rows
            ]
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """A release of a submission that means harm, with two values that cannot be true."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    folder = home.inbox / "submission"
    folder.mkdir()
    (folder / HOSTILE_NAME).write_text(f"{HEADER}\n{HOSTILE}", encoding="utf-8")
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{home.releases}" in done.stdout
    assert "problems.html" in done.stdout
    return made


class Parsed(HTMLParser):
    """What a page loads and refers to, its anchors and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append(name)
            elif name == "id":
                self.anchors.add(value or "")
            elif name in LOADED or (name == "href" and tag != "a"):
                self.loaded.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name == "style":
                self.loaded += re.findall(r"url\(([^)]*)\)", value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_nothing_from_anywhere_and_runs_nothing(released: Released, name: str) -> None:
    page = Parsed(quality(released) / name)
    assert page.loaded == ["data:,"], "an empty icon, so that none is asked for"
    assert not {"script", "iframe", "object", "embed", "form", "base"} & page.tags
    assert not page.handlers
    raw = (quality(released) / name).read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import", raw)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_somewhere_within_the_report(released: Released, name: str) -> None:
    folder = quality(released)
    links = Parsed(folder / name).links
    assert len(links) >= len(PAGES)
    for link in links:
        file, _, anchor = link.partition("#")
        target = folder / (file or name)
        assert target.is_file(), link
        assert not anchor or anchor in Parsed(target).anchors, link


def test_the_report_belongs_to_its_release_and_cannot_be_changed_unseen(released: Released) -> None:
    folder = (released.home.releases / "current").resolve()
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    held = {path.relative_to(folder).as_posix(): path for path in quality(released).resolve().rglob("*.*")}
    assert set(listed) == set(held)
    assert {f"quality/{name}" for name in PAGES} <= set(listed)
    for name, path in held.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[name]
        assert not path.stat().st_mode & 0o222
    for name in PAGES:
        assert folder.name in Parsed(quality(released) / name).text


def test_every_rule_stands_with_its_outcome_reason_and_reference(released: Released) -> None:
    counted = dict(released.rows("select rule, sum(failed) from marts.mart_rule_count group by rule"))
    rules = load_rules()
    index, validation, suite = (
        Parsed(quality(released) / name) for name in ("index.html", "validation.html", "suite.html")
    )
    for rule in rules:
        assert rule.description.zh in index.text
        assert rule.description.en in index.text
        assert rule.name in validation.anchors & suite.anchors
        for text in (rule.description.zh, rule.reason, rule.reference):
            assert text in validation.text
            assert text in suite.text
    found = re.findall(r"([0-9,]+) unexpected values found", validation.text)
    assert sorted(map(int, found)) == sorted(count for count in counted.values() if count)
    assert suite.text.count("values must") >= len(rules)


def test_every_open_error_stands_with_its_cell_suggestion_and_id(released: Released) -> None:
    errors = released.rows(
        "select distinct flag_id, source, cell, suggested_value from marts.mart_quality_flag"
        " where severity = 'error' and disposition = 'open'"
    )
    assert len(errors) == 33
    rows = sheets(released)
    page = Parsed(quality(released) / "problems.html").text
    for flag_id, source, cell, suggested in errors:
        (row,) = (row for row in rows[source] if flag_id in row["标记编号"].split())
        assert row["类别"] == "错误 / error"
        if "…" not in row["单元格"]:
            assert row["单元格"] == cell
            assert float(row["建议值"]) == suggested == 12950.4
            assert flag_id in page or row["标记编号"].split()[0] in page
            assert cell in page
            assert f"{suggested:.10g}" in page
    (column,) = (row for row in rows["province_panel"] if "…" in row["单元格"])
    assert (column["单元格"], len(column["标记编号"].split())) == ("F5…F35", 31)
    assert "F5…F35" in page


def test_a_sheet_is_numbered_and_has_room_for_the_answer(released: Released) -> None:
    for source, rows in sheets(released).items():
        raw = (quality(released) / "problems" / f"{source}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf"), "a spreadsheet program would not know the encoding"
        assert [row["序号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
        assert {row[name] for row in rows for name in ("核实情况", "更正值", "填报人")} == {""}
        assert not {row["类别"] for row in rows} - {"错误 / error", "警告 / warning"}


def test_amounts_are_told_as_they_were_printed(hostile: Released) -> None:
    rows = {(row["单元格"], row["原值"]): row for row in sheets(hostile)["submission"]}
    rate, people = rows["E7", "2.5"], rows["E8", "990000.00"]
    assert (rate["单位"], float(rate["期望上限"])) == ("FRACTION", 1)
    assert people["单位"] == "万人"
    assert float(people["期望上限"]) < 990000
    assert people["地区"] == "上海市 (310000)"


def test_what_means_harm_is_text_on_the_page_and_in_the_sheet(hostile: Released) -> None:
    page = Parsed(quality(hostile) / "problems.html")
    assert not {"script", "img", "svg"} & page.tags
    assert not page.handlers
    for text in (HOSTILE_NAME, "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "<svg onload=alert(1)>"):
        assert text in page.text
    rows = sheets(hostile)["submission"]
    assert {row["文件"] for row in rows} == {HOSTILE_NAME}
    assert {"'=cmd|' /C calc'!A0", "'@SUM(1)"} <= {row["原值"] for row in rows}
    for row in rows:
        assert not any(re.match(r"[=+@\t\r]", text) for text in row.values())
    assert [row["类别"] for row in rows].count("无法读取 / unreadable") == 5


def test_the_page_is_named_when_something_is_open_and_only_then(released: Released, tmp_path: Path) -> None:
    unchanged = released.tongji("refresh").stdout
    assert f"{(quality(released) / 'problems.html').resolve()}" in unchanged
    assert "待核实问题" in released.tongji("refresh", TONGJI_LANG="zh").stdout
    home = Home(tmp_path / "clean")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    clean = Released(home)
    done = clean.tongji("refresh")
    assert done.returncode == 0, done.stderr
    assert "problems.html" not in done.stdout
    assert "Nothing is open" in Parsed(quality(clean) / "problems.html").text
    assert not list((quality(clean)).glob("problems/*"))


def test_a_flood_is_cut_on_the_page_the_gravest_kept_and_whole_in_the_sheet(
    released: Released, tmp_path: Path
) -> None:
    copy = tmp_path / "build.duckdb"
    shutil.copy(released.home.database, copy)
    with duckdb.connect(copy) as connection:
        connection.execute(
            "insert into marts.mart_reject by name select 'national' as source, 'flood.csv' as file_name, '' as sheet,"
            " 'A' || i as cell, 'x' as raw_text, 'unreadable' as message_en, '无法读取' as message_zh,"
            f" 'open' as disposition from range(1, {PAGE_ROWS}) as numbers(i)"
        )
        connection.execute(
            "update marts.mart_coverage set state = 'missing'"
            " where source = 'national' and indicator = 'resident_urbanization_rate' and ref_year = 2020"
        )
        site = quality_site(connection)
    (tmp_path / "problems.html").write_bytes(site["quality/problems.html"])
    page = Parsed(tmp_path / "problems.html")
    rows = site["quality/problems/national.csv"].decode("utf-8-sig").splitlines()[1:]
    assert len(rows) > PAGE_ROWS
    assert f"The {PAGE_ROWS} gravest of {len(rows)} are shown" in page.text
    assert all(f"A{number}" in page.text for number in (1, PAGE_ROWS // 2))
    assert "应报而未报" in page.text
    assert "The source declares to hold this, and no file does: China." in page.text
    warnings = [row for row in rows if "警告" in row]
    assert warnings
    assert not any(row.split(",")[-4] in page.text for row in warnings)


# Started so, Chromium asks nobody outside for anything.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(params=[390, 1400])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of a telephone's and of a desk's width, without a network."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_a_page_is_styled_and_fits_without_a_network(released: Released, page: Page) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    for name in PAGES:
        asked.clear()
        page.goto((quality(released) / name).as_uri())
        assert [request.url for request in asked] == [page.url]
        header = page.locator("header").evaluate("one => getComputedStyle(one).backgroundColor")
        assert header == "rgb(20, 86, 140)"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.browser
def test_a_page_shows_one_language_at_a_time(released: Released, page: Page) -> None:
    page.goto((quality(released) / "problems.html").as_uri())
    heading = page.locator("h1")
    assert heading.inner_text() == "待核实问题"
    page.get_by_text("English", exact=True).click()
    assert heading.inner_text() == "Problems to answer"
    page.locator("#province_panel td.why").get_by_text("Jilin 2017").first.wait_for()
    assert page.get_by_text("吉林省 2017 年").first.is_hidden()


@pytest.mark.browser
def test_a_hostile_file_runs_nothing_in_the_reader(hostile: Released, page: Page) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto((quality(hostile) / "problems.html").as_uri())
    page.get_by_text("<script>alert(1)</script>").first.wait_for()
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "a long text fits"
