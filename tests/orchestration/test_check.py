"""Checking one file: the answer of a refresh, and nothing changed."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.check import UnknownSourceError, check
from orchestration.presentation import folded
from tests.conftest import Released
from tests.orchestration.conftest import HEADER
from warehouse.collection import declared_sources
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.lock import build_lock
from warehouse.rehearsal import rehearsal
from warehouse.settings import load_settings

PANEL = BUNDLED_SOURCES / "province_panel" / "files" / "分地区居民收入、人口与城镇化率.xlsx"
FAULTY = (
    "220000,2019,disposable_income_per_capita,urban,322990,元",
    "330400,2021,disposable_income_per_capita,rural,43598,元",
    "无名市,2022,常住人口,total,1,万人",
    "330000,2022,常住人口,total,x1,万人",
)


def everything(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Size, time and content of every file under a folder, and the folders themselves."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns,
            path.lstat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [folder, *folder.rglob("*")]
    }


def submission(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


class Silent:
    def stage(self, name: str) -> None: ...

    def notice(self, code: str, details: dict[str, object]) -> None: ...


@pytest.mark.slow
def test_a_faulty_submission_is_told_by_cell_and_nothing_is_changed(
    released: Released, tmp_path: Path
) -> None:
    before = everything(released.home.root)
    file = submission(tmp_path / "report.csv", *FAULTY)
    done = released.tongji("check", str(file), "--format", "json")
    assert done.returncode == 1, done.stderr
    assert everything(released.home.root) == before
    found = json.loads(done.stdout)
    assert (found["source"], found["clean"]) == ("submission", False)
    cells = [(one["cell"], one["kind"], one["rule"]) for one in found["findings"]]
    assert [cell for cell, *_ in cells] == sorted(cell for cell, *_ in cells)
    assert {cell for cell, kind, _ in cells if kind == "reject"} == {"E4", "E5"}
    worst = next(one for one in found["findings"] if one["cell"] == "E2")
    assert worst["kind"] == "error"
    assert worst["message_en"]
    counts = found["counts"]
    assert counts["cells"] == 4
    assert (counts["quarantined"], counts["new"]) == (1, 1)


@pytest.mark.slow
def test_a_clean_file_ends_with_zero_and_says_what_it_would_change(
    released: Released, tmp_path: Path
) -> None:
    rows = ["330400,2022,常住人口,total,555.1,万人"]
    file = submission(tmp_path / "report.csv", *rows)
    done = released.tongji("check", str(file), TONGJI_LANG="zh")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "读取数值 1 · 新增 1 · 拒收 0 · 标记 0"), (
        done.stdout
    )


@pytest.mark.slow
def test_a_corrected_yearbook_is_known_by_its_layout_and_told_value_by_value(
    released: Released, tmp_path: Path
) -> None:
    import openpyxl

    book = openpyxl.load_workbook(PANEL)
    assert book.worksheets[0]["AM11"].value == 112950.4
    book.worksheets[0]["AM11"] = 12950.4
    book.worksheets[0]["B5"] = 10349.8
    book.save(tmp_path / "更正.xlsx")
    done = released.tongji("check", str(tmp_path / "更正.xlsx"), "--format", "json")
    found = json.loads(done.stdout)
    assert found["source"] == "province_panel"
    assert "AM11" not in {one["cell"] for one in found["findings"] if one["kind"] == "error"}
    (revision,) = found["revisions"]
    assert (revision["cell"], revision["previous_value"], revision["obs_value"]) == ("B5", 10349.7, 10349.8)
    assert found["counts"]["new"] == 1


@pytest.mark.slow
def test_while_a_refresh_runs_a_file_is_checked_all_the_same(
    home: Home, type_, submit, tmp_path: Path
) -> None:
    submit("330400,2021,常住人口,total,551.6,万人")
    assert type_("refresh").exit_code == 0
    file = submission(tmp_path / "later.csv", "330400,2021,常住人口,total,551.7,万人")
    with build_lock(home):
        done = type_("check", str(file))
    assert done.exit_code in (0, 1), done.output
    assert "330400" in done.stdout
    assert "5516000 → 5517000" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("values read 1 · changed 1")


@pytest.mark.slow
def test_an_interrupted_check_changes_nothing_and_leaves_nothing(released: Released, tmp_path: Path) -> None:
    file = submission(tmp_path / "report.csv", *FAULTY)
    places = tmp_path / "places"
    places.mkdir()
    before = everything(released.home.root)
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("tongji")), "check", str(file)],
        env=os.environ | {"TONGJI_HOME": str(released.home.root), "TMPDIR": str(places), "TONGJI_LANG": "en"},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list(places.glob("tongji-*/build/*.duckdb")) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert everything(released.home.root) == before
    assert not list(places.glob("tongji-*"))


def test_a_rehearsal_holds_what_the_home_holds_and_shares_nothing_that_is_written(released: Released) -> None:
    before = everything(released.home.root)
    with rehearsal(released.home) as double:
        assert double.database.stat().st_size == released.home.database.stat().st_size
        (double.archive / "receipts.jsonl").write_text("gone")
        (double.database).write_bytes(b"")
        shutil.rmtree(double.build)
    assert everything(released.home.root) == before
    assert not double.root.exists()


def test_what_holds_no_figures_is_told_at_once(type_, tmp_path: Path) -> None:
    for content, said in (
        ("", "is empty (0 bytes)"),
        (HEADER, "holds no figures"),
        ("甲,乙\n1,2\n", "lacks the column"),
    ):
        path = tmp_path / "report.csv"
        path.write_text(content, encoding="utf-8")
        done = type_("check", str(path))
        assert (done.exit_code, done.stdout.count("\n")) == (1, 1), done.output
        assert said in done.stdout
        told = json.loads(type_("check", str(path), "--format", "json").stdout)
        assert told["findings"][0]["kind"] == "reject"


def test_a_bomb_is_one_sentence(type_, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (300 << 20))
    done = type_("check", str(path), "--source", "submission")
    assert done.exit_code == 1
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("wrong", ["missing.csv", ".", "report.csv --source nobody"])
def test_what_cannot_be_checked_is_a_usage_error(type_, tmp_path: Path, wrong: str) -> None:
    submission(tmp_path / "report.csv")
    name, *options = wrong.split()
    done = type_("check", str(tmp_path / name), *options)
    assert done.exit_code == 2
    assert "Error: " in done.stderr


def test_a_file_that_is_missing_is_told_in_one_language(released: Released) -> None:
    done = released.tongji("check", "没有.xlsx", TONGJI_LANG="zh")
    assert done.returncode == 2
    assert "文件 '没有.xlsx' 不存在" in done.stderr
    assert "File" not in done.stderr


def test_a_pipe_is_not_waited_for(type_, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    done = type_("check", str(tmp_path / "pipe.csv"))
    assert done.exit_code == 1
    assert "is no file" in done.stderr


def test_a_file_of_nobody_names_the_known_sources(released: Released, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("地区,2020年\n北京市,1\n", encoding="utf-8")
    done = released.tongji("check", str(path))
    assert done.returncode == 2
    assert "fits the layout of no source" in done.stderr
    assert "province_panel" in done.stderr


def test_two_sources_of_one_layout_are_told_apart_by_a_person(home: Home, tmp_path: Path) -> None:
    for name in ("one", "other"):
        folder = home.sources / name
        shutil.copytree(
            BUNDLED_SOURCES / "province_urbanization", folder, ignore=shutil.ignore_patterns("files")
        )
        text = (folder / "source.yml").read_text(encoding="utf-8").replace("province_urbanization", name)
        start, end = text.index("files:"), text.index("layout:")
        (folder / "source.yml").write_text(text[:start] + text[end:], encoding="utf-8")
    path = tmp_path / "x.csv"
    (file,) = (BUNDLED_SOURCES / "province_urbanization" / "files").glob("*.csv")
    shutil.copy(file, path)
    declarations = declared_sources(home, load_settings(home))
    with pytest.raises(UnknownSourceError) as error:
        check(home, declarations, path, None, Silent())
    assert error.value.code == "check.several_sources"
    assert error.value.details["fitting"] == "one, other"


def test_a_long_line_is_folded_under_its_own_indent() -> None:
    parts = folded("    why        " + "Jilin 2017: a digit too many " * 4, 80)
    assert len(parts) == 2
    assert all(len(part) <= 80 for part in parts)
    assert len(parts[1]) - len(parts[1].lstrip()) == 15
    assert folded("短", 80) == ["短"]
    assert [len(part) for part in folded("  " + "数" * 50 + "。", 20)][:2] == [11, 11]


@given(line=st.text(alphabet="ab 数据，。（）1"), width=st.integers(20, 80))
def test_folding_loses_nothing_but_spaces(line: str, width: int) -> None:
    assert "".join("".join(folded(line, width)).split()) == "".join(line.split())
