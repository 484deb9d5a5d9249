"""A refresh killed at any of its steps leaves the last release in force, and the next one completes."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Released
from warehouse.home import Home
from warehouse.manifest import current, list_releases

pytestmark = [pytest.mark.fault, pytest.mark.slow]

STEPS = (
    "Collecting", "Preparing registers", "Reading cells", "Deriving the evidence", "Judging", "Deriving the public",
    "Releasing",
)  # fmt: skip
REPORT = """REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE
330400,2023,gdp,total,{value},亿元
"""


def deliver(home: Home, value: str) -> None:
    """A report in the inbox."""
    folder = home.inbox / "submission"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.csv").write_text(REPORT.format(value=value), encoding="utf-8")


def kill_at(home: Home, step: str) -> None:
    """Starts a refresh and kills it when it says that the step has begun."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("tongji")), "refresh"],
        env=os.environ | {"TONGJI_HOME": str(home.root), "TONGJI_LANG": "en", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(step):
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL, said


@pytest.fixture(scope="module")
def survivor(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """A home of one small report, released."""
    home = Home(tmp_path_factory.mktemp("survivor") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    deliver(home, "6300.1")
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def test_killed_at_each_step_nothing_is_lost(survivor: Released) -> None:
    home = survivor.home
    first = current(home)
    deliver(home, "7062.45")
    for step in STEPS:
        # Each attempt must come past the step at which the one before it was killed.
        kill_at(home, step)
        assert current(home) == first
        assert survivor.rows("select obs_value from marts.fct_observation") == [(6300.1e8,)]
    done = survivor.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert survivor.rows("select obs_value from marts.fct_observation") == [(7062.45e8,)]
    assert survivor.rows("select count(*) from marts.fct_observation_vintage") == [(2,)]
    assert len(list_releases(home)) == 2
    assert not [path for path in home.releases.iterdir() if path.name.startswith(".")]


def test_a_build_that_is_deleted_is_made_anew_from_the_archive(survivor: Released) -> None:
    home = survivor.home
    before = current(home)
    assert before is not None
    shutil.rmtree(home.build)
    for path in (home.inbox / "submission").iterdir():
        path.unlink()
    deliver(home, "7100")
    done = survivor.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = survivor.rows("select obs_value from marts.fct_observation_vintage order by 1")
    assert kept == [(6300.1e8,), (7062.45e8,), (7100e8,)]
