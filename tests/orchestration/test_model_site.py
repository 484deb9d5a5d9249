"""The models' documentation as one page: it is whole, it is readable, and it asks nobody for anything."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from orchestration.model_site import write
from tests.conftest import CHECKOUT, Released
from warehouse.dictionary import public_relations
from warehouse.errors import WarehouseError
from warehouse.home import Home

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MART = "mart_urban_rural_income"


@pytest.fixture(scope="module")
def site(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("site") / "index.html"
    write(released.home, file)
    return file


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield opened
        opened.close()


def opened(browser: Browser, address: str, width: int) -> tuple[Page, list[str]]:
    """The page, and what went wrong or was asked for since."""
    page, seen = browser.new_page(viewport={"width": width, "height": 900}), []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(address)
    return page, seen


@pytest.mark.slow
def test_every_public_relation_is_described_with_its_columns_types_and_lineage(site: Path) -> None:
    text = site.read_text(encoding="utf-8")
    manifest = json.JSONDecoder().raw_decode(text, text.index('{"metadata": {"dbt_schema_version"'))[0]
    for relation in public_relations():
        node = manifest["nodes"][f"model.tongji.{relation.name}"]
        assert node["description"].split() == relation.description.split()
        told = {name: column["description"].split() for name, column in node["columns"].items()}
        assert told == {column.name: column.description.split() for column in relation.columns}
        assert manifest["parent_map"][f"model.tongji.{relation.name}"], relation.name
    assert "model.tongji.fct_observation" in manifest["parent_map"][f"model.tongji.{MART}"]


@pytest.mark.slow
def test_the_page_bears_no_path_of_the_machine_that_made_it(site: Path, released: Released) -> None:
    text = site.read_text(encoding="utf-8")
    assert str(released.home.root) not in text
    assert str(CHECKOUT) not in text


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1400])
def test_a_relation_is_read_without_a_network(site: Path, browser: Browser, width: int) -> None:
    (relation,) = (each for each in public_relations() if each.name == MART)
    page, seen = opened(browser, f"{site.as_uri()}#!/model/model.tongji.{MART}", width)
    page.get_by_text(relation.description.strip()).first.wait_for()
    page.get_by_text(relation.columns[0].description).first.wait_for()
    page.get_by_role("link", name="fct_observation", exact=True).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(".app-content").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
    assert seen == [page.url.partition("#")[0]]
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_the_way_of_a_number_is_drawn_and_the_first_page_is_ours(site: Path, browser: Browser) -> None:
    page, seen = opened(browser, f"{site.as_uri()}#!/overview?g_v=1&g_i=%2B{MART}", 1400)
    page.get_by_text("Lineage Graph").wait_for()
    page.locator("canvas").first.wait_for()
    page.get_by_text(re.compile("数据含义")).first.wait_for(state="attached")
    assert seen == [page.url.partition("#")[0]]
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_what_the_page_might_ask_for_is_refused(site: Path, browser: Browser) -> None:
    page, _ = opened(browser, site.as_uri(), 1400)
    answer = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', error => String(error))")
    image = page.evaluate(
        "new Promise(done => { document.addEventListener('securitypolicyviolation', event =>"
        " done(event.effectiveDirective)); new Image().src = 'http://127.0.0.1:9/pixel.gif'; })"
    )
    assert answer.startswith("TypeError")
    assert image == "img-src"
    page.close()


def test_without_anything_derived_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError) as raised:
        write(Home(tmp_path), tmp_path / "index.html")
    assert raised.value.code == "candidate.none"
    assert not (tmp_path / "index.html").exists()
