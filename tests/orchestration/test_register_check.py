"""Checking a file of a register: the sentences of a refresh, without one."""

import json
from pathlib import Path

import pytest

from orchestration.register_check import hold
from tests.conftest import Released
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.policy.supplement import register_of

HEADER = "target_id,ref_area,indicator,comparator,value,unit,base_year,target_year"
GOOD = "t1,嘉兴市,城乡居民收入比,<=,1.5,倍,2020,2030"
BAD = "t2,鼓楼区,城乡居民收入比,>=,1.5,万人,2020,2030"


def put(folder: Path, *rows: str, name: str = "target.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "header", "register"),
    [
        ("target.csv", "nothing", "target"),
        ("mine.csv", "Target_ID;ref_area", "target"),
        ("plan.txt", '"document"\t"title"', "document"),
        ("a.csv", "index_id,node", "composite_index"),
        ("a.csv", "index_id,variant", "index_variant"),
        ("a.csv", "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE", None),
        ("target.csv", "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE", None),
        ("target.xlsx", "target_id", None),
    ],
)
def test_a_register_is_known_by_its_name_or_its_header(
    tmp_path: Path, name: str, header: str, register: str | None
) -> None:
    assert register_of(put(tmp_path, header, name=name)) == register


def test_a_file_under_registers_that_is_not_read_there_is_told_so(home: Home) -> None:
    with pytest.raises(WarehouseError, match=r"register\.misnamed_file"):
        hold(home, put(home.registers, HEADER, name="targets.csv"))


def test_a_refresh_that_would_refuse_is_not_needed_to_hear_why(home: Home, tmp_path: Path) -> None:
    tongji = Released(home).tongji
    put(home.registers, HEADER, "broken")
    file = put(tmp_path, HEADER, GOOD, BAD, name="mine.csv")
    done = tongji("check", str(file))
    assert (done.returncode, done.stderr) == (1, "")
    told = done.stdout.splitlines()
    assert told[0] == "mine.csv: a refresh would refuse it as register target and load nothing."
    assert [line.split(":")[0].strip() for line in told[1:]] == ["Row 3"] * 3
    found = json.loads(tongji("check", str(file), "--format", "json").stdout)["findings"]
    assert [one["rule"] for one in found] == [
        "target.several_areas",
        "target.against_less",
        "target.wrong_unit",
    ]
    assert "第 3 行" in tongji("check", str(file), TONGJI_LANG="zh").stdout


def test_a_file_without_a_mistake_is_told_so(home: Home, tmp_path: Path) -> None:
    done = Released(home).tongji("check", str(put(tmp_path, HEADER, GOOD)))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "target.csv: nothing wrong; rows for the register target: 1. Nothing was loaded.",
        f"    To add them, put the file under {home.registers} as target.csv.",
    ]
    assert not home.database.exists()


def test_a_workbook_is_told_to_be_saved_wherever_it_lies(home: Home, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"register\.workbook"):
        hold(home, put(tmp_path, HEADER, name="target.xlsx"))


def test_what_lies_in_the_inbox_is_no_register(home: Home) -> None:
    assert hold(home, put(home.inbox / "submission", HEADER, GOOD)) is None


def test_a_clean_file_elsewhere_is_told_its_place(home: Home, tmp_path: Path) -> None:
    held = hold(home, put(tmp_path, HEADER, GOOD, name="mine.csv"))
    assert held is not None
    assert held.place == home.registers / "target.csv"
    there = hold(home, put(home.registers, HEADER, GOOD))
    assert there is not None
    assert (there.rows, there.place) == (1, None)


def test_a_file_on_which_another_rests_is_not_clean_without_it(home: Home) -> None:
    put(home.registers, f"{HEADER},document", f"{GOOD},ours")
    held = hold(home, put(home.registers, "document,base_year", "theirs,2020", name="document.csv"))
    assert held is not None
    (problem,) = held.problems
    assert Path(str(problem.details["file"])).name == "target.csv"
