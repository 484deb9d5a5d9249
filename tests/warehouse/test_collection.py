"""What a refresh takes in, and what it names instead of passing over."""

from pathlib import Path

import pytest

from sources.declared.source import Declaration
from tests.hostile import inbox
from tests.warehouse.conftest import write_submission
from warehouse import archive, digest
from warehouse.archive import RECEIPT_LOG, digest_of, receipts
from warehouse.collection import declared_sources, receive
from warehouse.digest import input_digest
from warehouse.errors import WarehouseError
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.settings import Settings, load_settings


def test_a_file_in_the_inbox_is_received_once(home: Home, submission: Declaration) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    assert len(receive(home, {"submission": submission}).received) == 1
    assert receive(home, {"submission": submission}).received == []


@pytest.mark.parametrize("name", [".hidden.csv", "~$report.csv", "report.csv.part", "report.csv.TMP"])
def test_a_file_that_is_not_yet_whole_is_left_alone(home: Home, submission: Declaration, name: str) -> None:
    write_submission(home, name=name)
    assert receive(home, {"submission": submission}).received == []


def test_a_folder_of_no_declared_source_is_named(home: Home, submission: Declaration) -> None:
    (home.inbox / "elsewhere").mkdir()
    (home.inbox / "stray.csv").write_text("x", encoding="utf-8")
    codes = [code for code, _ in receive(home, {"submission": submission}).notices]
    assert codes == ["inbox.unknown_source", "inbox.file_outside_source"]
    assert list(receipts(home.archive)) == []


def test_a_folder_inside_a_sources_folder_is_named(home: Home, submission: Declaration) -> None:
    inner = write_submission(home).parent / "2023"
    inner.mkdir()
    (inner / "report.csv").write_text("x", encoding="utf-8")
    (inner.parent / ".Trash").mkdir()
    intake = receive(home, {"submission": submission})
    assert intake.notices == [("inbox.folder_inside_source", {"folder": inner, "source": "submission"})]
    assert len(intake.received) == 1


def forbid(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Stands in for a file without permission to read, which does not hinder root."""

    def refuse(path: Path) -> str:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return digest_of(path)

    monkeypatch.setattr(archive, "digest_of", refuse)
    monkeypatch.setattr(digest, "digest_of", refuse)


def test_a_file_that_cannot_be_read_is_named_and_the_others_load(
    home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = write_submission(home, name="a.csv")
    write_submission(home, "110000,2020,gdp,total,1,CNY", name="b.csv")
    with monkeypatch.context() as without_permission:
        forbid(without_permission, "a.csv")
        before = input_digest(home, {"submission": submission})
        intake = receive(home, {"submission": submission})
    assert intake.notices == [("inbox.unreadable_file", {"file": closed, "problem": "Permission denied"})]
    assert [receipt.file_name for receipt in intake.received] == ["b.csv"]
    assert intake.is_complete
    assert input_digest(home, {"submission": submission}) != before
    assert len(receive(home, {"submission": submission}).received) == 1


def test_a_folder_that_cannot_be_read_is_named(
    home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_submission(home).parent
    listed = Path.iterdir

    def refuse(path: Path) -> object:
        if path == folder:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    intake = receive(home, {"submission": submission})
    assert [code for code, _ in intake.notices] == ["inbox.unreadable_file"]
    input_digest(home, {"submission": submission})


def test_a_file_that_changes_meanwhile_is_left_for_the_next_refresh(
    home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = write_submission(home, name="a.csv")
    write_submission(home, "110000,2020,gdp,total,1,CNY", name="b.csv")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(
            archive, "digest_of", lambda path: "0" * 64 if path == changing else digest_of(path)
        )
        intake = receive(home, {"submission": submission})
    assert intake.notices == [("archive.file_changed", {"file": changing})]
    assert not intake.is_complete
    assert [receipt.file_name for receipt in intake.received] == ["b.csv"]
    kept = [path for path in home.archive.rglob("*") if path.is_file() and path.name != RECEIPT_LOG]
    assert [path.name for path in kept] == [intake.received[0].sha256]


def test_an_archive_that_cannot_be_written_is_no_notice(
    home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    write_submission(home)
    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        receive(home, {"submission": submission})


def test_a_source_that_lost_its_files_is_an_error(home: Home) -> None:
    national = declared_sources(home, Settings())["national"]
    lost = national.model_copy()
    lost._folder = BUNDLED_SOURCES / "that_is_gone"
    with pytest.raises(WarehouseError) as caught:
        receive(home, {"national": lost})
    assert caught.value.code == "source.files_missing"


def test_bundled_sources_can_be_switched_off_but_the_simplest_input_stays(home: Home) -> None:
    assert set(declared_sources(home, Settings())) >= {"national", "province_panel", "submission"}
    assert set(declared_sources(home, Settings(bundled=False))) == {"submission"}


@pytest.mark.parametrize(
    ("text", "field"),
    [("colour: red", "colour"), ("bundled: perhaps", "bundled"), ("threads: 0", "threads"), ("a: [", "-")],
)
def test_a_wrong_setting_is_refused_with_its_name(home: Home, text: str, field: str) -> None:
    home.config.write_text(text, encoding="utf-8")
    with pytest.raises(WarehouseError) as caught:
        load_settings(home)
    assert (caught.value.code, caught.value.details["field"]) == ("config.invalid", field)


def test_what_is_no_file_of_its_folder_is_named_and_never_opened(home: Home, submission: Declaration) -> None:
    folder = write_submission(home, "110000,2020,gdp,total,1,CNY").parent
    inbox.fill(folder)
    (folder / "beside.csv").symlink_to("report.csv")
    intake = receive(home, {"submission": submission})
    told = [Path(str(details["file"])).name for code, details in intake.notices if code == "inbox.no_file"]
    assert told == sorted(inbox.NO_FILES)
    unsafe = [str(details["file"]) for code, details in intake.notices if code == "inbox.unsafe_name"]
    assert len(unsafe) == len(inbox.NAMES)
    assert all(name.isprintable() for name in unsafe)
    assert {receipt.file_name for receipt in intake.received} == {*inbox.HONEST_NAMES, "beside.csv"}


def test_limits_of_reading_are_settings_and_unknown_ones_are_refused(home: Home) -> None:
    home.config.write_text("reading: {seconds: 7}\n", encoding="utf-8")
    assert load_settings(home).reading.seconds == 7
    home.config.write_text("reading: {second: 7}\n", encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"reading\.second"):
        load_settings(home)
