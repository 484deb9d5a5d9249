"""A rule that cannot be read or carried out stops a refresh: nothing is released, and the reason is told."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.rulebook import BUNDLED
from warehouse.home import Home

# The program, with the rules of another folder.
PROGRAM = """
import sys
from pathlib import Path
from expectations import rulebook
rulebook.load_rules.__defaults__ = (Path(sys.argv.pop(1)),)
from orchestration.cli import main
main()
"""
HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
RULE = """\
- name: obs_value_cast
  severity: warning
  validation_level: 1
  description: {en: A rule., zh: 一条规则。}
  reason: Because.
  reference: A standard
  expect: {type: expect_column_values_to_be_between, column: obs_value, max_value: 1000000}
  measure: CAST(raw_text AS DOUBLE)
  message: {en: Text., zh: 文字。}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("rules") / "home")
    made.ensure()
    made.config.write_text("bundled: false\n", encoding="utf-8")
    folder = made.inbox / "submission"
    folder.mkdir()
    (folder / "a.csv").write_text(f'{HEADER}\n330000,2015,gdp,total,"43,507.72",亿元\n', encoding="utf-8")
    return made


@pytest.fixture
def refresh_with(home: Home, tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Refreshes with the bundled rules and one file more."""

    def run(text: str) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "rules"
        shutil.copytree(BUNDLED, folder)
        (folder / "zz.yml").write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, str(folder), "refresh"],
            env=os.environ | {"TONGJI_HOME": str(home.root), "TONGJI_LANG": "en"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("  measure", "  needs: [value]\n  measure", "asks in needs for value, which is no column"),
        ("1000000", "10 %", "'10 %', which is no number"),
        ("  reason: Because.\n", "", "has no reason; add it"),
        ("obs_value_cast", "obs_value_whole_persons", "already stands at domain.yml:"),
    ],
)
def test_a_mistake_in_a_rule_is_told_before_anything_runs(
    home: Home,
    refresh_with: Callable[[str], subprocess.CompletedProcess[str]],
    right: str,
    wrong: str,
    said: str,
) -> None:
    done = refresh_with(RULE.replace(right, wrong))
    assert done.returncode == 1, done.stdout
    assert said in done.stderr
    assert "zz.yml, line " in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(home.releases.glob("*"))


def test_a_rule_that_raises_leaves_no_release(
    home: Home, refresh_with: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    done = refresh_with(RULE)
    assert done.returncode == 1, done.stdout
    assert "obs_value_cast could not be carried out" in done.stderr
    assert "43,507.72" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(home.releases.glob("2*"))
