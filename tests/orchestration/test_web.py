"""The web interface as a person meets it: a real server, a real browser, also as wide as a telephone."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import Released

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Started so, Chromium asks nobody outside for anything.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(released: Released) -> Iterator[str]:
    """Where `tongji serve` answers."""
    port = free_port()
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("tongji")), "serve", "--port", str(port)],
        env=os.environ | {"TONGJI_HOME": str(released.home.root), "TONGJI_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{url}/server_info", timeout=2)
                break
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < until, "the server did not answer"
                assert server.poll() is None, "the server ended"
                time.sleep(0.5)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        opened = browser.new_page(viewport={"width": 1400, "height": 900})
        opened.set_default_timeout(PATIENCE * 1000)
        yield opened
        browser.close()


@pytest.mark.parametrize("width", [390, 1400])
def test_the_lineage_is_visible(address: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/asset-groups")
    for group in ("collect", "process_validate", "analyse_marts", "disseminate"):
        page.get_by_text(group, exact=True).first.wait_for()


def test_the_nightly_schedule_the_inbox_and_the_alert_are_on(address: str, page: Page) -> None:
    page.goto(f"{address}/automation")
    page.get_by_text("nightly_refresh").first.wait_for()
    page.get_by_text(re.compile("02:00 AM GMT")).first.wait_for()
    page.get_by_text("failure_alert").first.wait_for()
    # Three switches that are on; each row asks for its own state.
    page.wait_for_function("document.querySelectorAll('label input[type=checkbox]:checked').length === 3")


def test_every_rule_is_a_check_with_its_outcome(address: str, page: Page) -> None:
    page.goto(f"{address}/assets/quality/verdict?view=checks")
    page.get_by_text("column_step_pct_small").first.wait_for()
    page.get_by_text("Failed").first.wait_for()
    page.get_by_text("Succeeded").first.wait_for()
