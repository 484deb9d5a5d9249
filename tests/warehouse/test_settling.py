"""A file that is being written is never taken half."""

import os
import threading
import time
from pathlib import Path

import pytest

from sources.declared.source import Declaration
from tests.warehouse.conftest import write_submission
from warehouse import archive, settling
from warehouse.archive import content_path, digest_of, receipts
from warehouse.collection import receive
from warehouse.home import Home


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "SETTLING_SECONDS", 0.5)


def write_slowly(path: Path, rows: int, pause: float) -> threading.Thread:
    """Starts a writer that puts down a row now and then."""

    def write() -> None:
        with path.open("a", encoding="utf-8") as file:
            for number in range(rows):
                file.write(f"110000,{2000 + number},gdp,total,1,CNY\n")
                file.flush()
                time.sleep(pause)

    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    writer = threading.Thread(target=write)
    writer.start()
    return writer


@pytest.mark.usefixtures("patient")
def test_a_file_that_is_written_slowly_is_left_out_until_it_is_whole(
    home: Home, submission: Declaration
) -> None:
    lying = write_submission(home, "110000,2020,gdp,total,1,CNY", name="whole.csv")
    growing = lying.with_name("growing.csv")
    writer = write_slowly(growing, 10, 0.1)
    intake = receive(home, {"submission": submission})
    assert intake.notices == [("archive.file_changed", {"file": growing})]
    assert not intake.is_complete
    assert [receipt.file_name for receipt in intake.received] == ["whole.csv"]
    writer.join()
    (receipt,) = receive(home, {"submission": submission}).received
    assert content_path(home.archive, receipt.sha256).read_bytes() == growing.read_bytes()


@pytest.mark.usefixtures("patient")
def test_files_that_have_lain_a_while_cost_no_waiting(home: Home, submission: Declaration) -> None:
    path = write_submission(home, "110000,2020,gdp,total,1,CNY")
    os.utime(path, (time.time() - 60, time.time() - 60))
    begun = time.perf_counter()
    assert len(receive(home, {"submission": submission}).received) == 1
    assert time.perf_counter() - begun < 0.5


def test_a_file_that_grows_while_it_is_read_is_left_out(
    home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_submission(home, "110000,2020,gdp,total,1,CNY")

    def and_grow(read: Path) -> str:
        digest = digest_of(read)
        # The writer puts the same bytes down again: only the time tells that it is still there.
        os.utime(read, (time.time() + 9, time.time() + 9))
        return digest

    with monkeypatch.context() as growing:
        growing.setattr(archive, "digest_of", and_grow)
        intake = receive(home, {"submission": submission})
    assert intake.notices == [("archive.file_changed", {"file": path})]
    assert list(receipts(home.archive)) == []
