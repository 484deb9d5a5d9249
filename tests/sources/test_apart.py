"""The process that reads: kept for many files, replaced when it ends, and never a danger to its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sources.cell import Reject
from sources.declared.source import Declaration
from sources.guard import apart
from sources.guard.apart import Reader
from sources.guard.limits import MIB, Limits
from sources.parsing import parse
from sources.reading import read

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
Declare = Callable[..., Declaration]


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    path = tmp_path / "honest.csv"
    path.write_text(
        f"{HEADER}\n北京,2020,gdp,total,36102.55,亿元\n110000,bad\n,,,,,,stray\n", encoding="utf-8"
    )
    return path


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def pid_of(reader: Reader) -> int:
    assert reader._child is not None
    return reader._child.pid


def test_a_file_is_read_as_in_this_process(declare: Declare, honest: Path) -> None:
    here, there = parse(honest, declare(), honest.name), read(honest, declare())
    assert there.cells.equals(here.cells)
    assert there.cells.schema == here.cells.schema
    assert (there.sheets, there.rejects, there.address) == (here.sheets, here.rejects, here.address)
    assert there.rejects == [Reject("cell.no_heading", 1, 4, 7, "stray")]


def test_one_process_reads_many_files_and_is_gone_afterwards(declare: Declare, honest: Path) -> None:
    with Reader() as reader:
        pids = set()
        for _ in range(3):
            assert reader.read(honest, declare(), "f.csv").cells.height == 2
            pids.add(pid_of(reader))
        assert len(pids) == 1
    assert not alive(pids.pop())


def test_a_reader_that_is_killed_is_replaced(declare: Declare, honest: Path) -> None:
    with Reader() as reader:
        reader.read(honest, declare(), "f.csv")
        os.kill(pid_of(reader), signal.SIGKILL)
        assert reader.read(honest, declare(), "f.csv").cells.height == 2


def test_a_reader_that_is_told_to_end_is_not_blamed_on_the_file(declare: Declare, honest: Path) -> None:
    with Reader() as reader:
        reader.read(honest, declare(), "f.csv")
        child = reader._child
        assert child is not None
        child.terminate()
        child.wait()
        with pytest.raises(ChildProcessError, match="-15"):
            reader.read(honest, declare(), "f.csv")


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(
    declare: Declare, honest: Path, tmp_path: Path
) -> None:
    long = tmp_path / "long.csv"
    long.write_bytes(b"a,b\n" * 3_000_000)
    with Reader(Limits(seconds=0.4)) as reader:
        reader.read(honest, declare(), "f.csv")  # what the libraries need once
        assert reader.read(long, declare(), "long.csv").rejects == [Reject("file.dangerous", text="> 0.4 s")]
    with Reader() as reader:
        assert reader.read(honest, declare(), "f.csv").cells.height == 2


def test_a_file_that_needs_too_much_memory_is_rejected_and_a_larger_file_may_take_more(
    declare: Declare, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    path.write_text(f"{HEADER}\n" + "北京,2020,gdp,total,36102.55,亿元\n" * 400_000, encoding="utf-8")
    tight = Limits(memory=256 * MIB, memory_per_byte=0)
    (reject,) = read(path, declare(), limits=tight).rejects
    assert reject.code == "file.dangerous"
    assert (
        read(path, declare(), limits=tight.model_copy(update={"memory_per_byte": 40})).cells.height == 400_000
    )


def test_a_text_of_two_million_observations_is_read(declare: Declare, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = (
        f"110101,{year % 25 + 2000},business_income_per_capita,total,{year},元\n" for year in range(2_000_000)
    )
    path.write_text(f"{HEADER}\n" + "".join(rows), encoding="utf-8")
    reading = read(path, declare())
    assert (reading.cells.height, reading.rejects) == (2_000_000, [])


def test_what_a_reader_may_hand_back_is_limited(declare: Declare, honest: Path) -> None:
    (reject,) = read(honest, declare(), limits=Limits(output_bytes=100)).rejects
    assert reject.code in ("file.too_large", "file.dangerous")


def test_more_rejects_than_anyone_reads_are_told_as_one(declare: Declare, tmp_path: Path) -> None:
    path = tmp_path / "stray.csv"
    path.write_text(f"{HEADER}\n" + ",,,,,,stray\n" * 30, encoding="utf-8")
    rejects = read(path, declare(), limits=Limits(rejects=10)).rejects
    assert [one.code for one in rejects] == ["cell.no_heading"] * 10 + ["file.too_many_rejects"]
    assert rejects[-1].text == "30"


def test_a_file_that_is_gone_is_no_bad_file(declare: Declare, honest: Path) -> None:
    with Reader() as reader:
        with pytest.raises(OSError, match=r"gone\.csv"):
            reader.read(honest.with_name("gone.csv"), declare(), "gone.csv")
        assert reader.read(honest, declare(), "f.csv").cells.height == 2


def test_a_child_that_cannot_begin_is_not_blamed_on_the_file(
    declare: Declare, honest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PROGRAM", "sources.no_such_module")
    with pytest.raises(ChildProcessError):
        read(honest, declare())


def test_the_working_directory_does_not_matter(
    declare: Declare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sources", "polars"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADER.split(","))
    book.worksheets[0].append(["110000", 2020, "gdp", "total", 1.5, "CNY"])
    book.save(tmp_path / "b.xlsx")
    monkeypatch.chdir(tmp_path)
    assert read(Path("b.xlsx"), declare()).cells["value_text"].to_list() == ["1.5"]


PARENT = """
import sys, time
from pathlib import Path
from sources.declared.source import load_declaration
from sources.reading import Reader
with Reader() as reader:
    reader.read(Path(sys.argv[1]), load_declaration(Path(sys.argv[2])), "f.csv")
    print(reader._child.pid, flush=True)
    time.sleep(600)
"""


def test_a_reader_does_not_outlive_its_parent(declare: Declare, honest: Path, checkout: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(honest), str(declare().folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=checkout) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    until = time.monotonic() + 10
    while alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(child)
