"""The models' documentation as one page that opens without a network: what dbt makes, made fit to be carried away.

`python -m orchestration.model_site` writes `build/site/index.html` from the working database of `TONGJI_HOME`; `make
site` calls it. Here: having dbt make the page, and what is changed in it. Not here: what it says, which is the metadata
of the models.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from orchestration.errors import OrchestrationError
from orchestration.transformation import environment
from warehouse.errors import WarehouseError
from warehouse.home import CHECKOUT, DBT_PROJECT, Home
from warehouse.lock import build_lock

PAGE = CHECKOUT / "build" / "site" / "index.html"
MADE = "static_index.html"

# Whatever the page asks the network for is refused: it is able to send usage figures to its makers.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:"
)
# dbt's page is laid out for a wide screen and cuts descriptions short.
STYLE = """
.column-row td { white-space: normal !important; max-width: none !important; }
@media (max-width: 959px) {
  body, .app.app-row { min-width: 0; }
  .app.app-row { flex-direction: column; align-items: stretch; }
  .app > .app-menu { flex: 0 0 40%; width: 100% !important; max-width: none; }
  .app > .app-content { flex: 0 0 60%; }
}
"""
HEAD = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
CHANGES = {
    "<head>": HEAD,
    "</head>": f"<style>{STYLE}</style></head>",
    # What its bundler did not fill in, and what the browser would ask for before the page fills it in.
    "${require('./assets/favicons/favicon.ico')}": "data:,",
    '<use xlink:href="{{': '<use ng-attr-href="{{',
    "<title>dbt Docs</title>": "<title>tongji</title>",
}


def write(home: Home, file: Path = PAGE) -> None:
    """Write the page of the models as they stand in the working database.

    Raises:
        WarehouseError: `candidate.none` when nothing was derived yet, `build.locked` while a refresh runs.
        OrchestrationError: `model.project_broken` with what dbt says.
    """
    if not home.database.exists():
        raise WarehouseError("candidate.none", home=home.root)
    target = home.build / "site"
    with build_lock(home):
        _have_dbt_make(home, target)
    page = (target / MADE).read_text(encoding="utf-8")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_portable(page, home), encoding="utf-8")


def _have_dbt_make(home: Home, target: Path) -> None:
    """A process of its own: here nothing runs after it, so that what it leaves open does not matter."""
    done = subprocess.run(  # noqa: S603 - the dbt of this environment
        [
            str(Path(sys.executable).with_name("dbt")), "docs", "generate", "--static",
            "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
            "--target-path", str(target), "--log-path", str(home.dbt_log),
            "--no-use-colors", "--no-send-anonymous-usage-stats",
        ],
        env=os.environ | environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise OrchestrationError(
            "model.project_broken", problem=" ".join((done.stdout or done.stderr).split())
        )


def _portable(page: str, home: Home) -> str:
    """The page without requests, on any width, and without the paths of the machine that made it."""
    for made, wanted in CHANGES.items():
        page = page.replace(made, wanted, 1 if made.endswith("head>") else -1)
    for place, path in (("TONGJI_HOME", home.root), ("tongji", CHECKOUT)):
        page = page.replace(str(path), place)
    return page


if __name__ == "__main__":
    write(Home.from_environment())
