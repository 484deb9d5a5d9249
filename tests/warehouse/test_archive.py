"""What was received stays, once, and the log of receipts survives a crash at any byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.archive import RECEIPT_LOG, Ledger, content_path, receipts, receive
from warehouse.errors import WarehouseError


def send(archive: Path, folder: Path, name: str, content: bytes) -> bool:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return receive(archive, "submission", folder / name, Ledger(receipts(archive))) is not None


def test_a_file_is_kept_byte_by_byte_and_the_original_is_not_touched(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert send(archive, tmp_path / "in", "a.csv", b"one")
    (receipt,) = receipts(archive)
    assert content_path(archive, receipt.sha256).read_bytes() == b"one"
    assert (tmp_path / "in" / "a.csv").read_bytes() == b"one"


def test_the_same_bytes_again_are_no_new_receipt_whatever_their_name(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert send(archive, tmp_path / "in", "a.csv", b"one")
    assert not send(archive, tmp_path / "in", "b.csv", b"one")
    assert send(archive, tmp_path / "in", "a.csv", b"two")
    assert [receipt.file_name for receipt in receipts(archive)] == ["a.csv", "a.csv"]


@settings(max_examples=40)
@given(cut=st.integers(min_value=1, max_value=60))
def test_a_receipt_cut_off_by_a_crash_is_received_again(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("crash")
    archive = folder / "archive"
    send(archive, folder / "in", "a.csv", b"one")
    send(archive, folder / "in", "b.csv", b"two")
    log = archive / RECEIPT_LOG
    log.write_bytes(log.read_bytes()[:-cut])
    assert send(archive, folder / "in", "b.csv", b"two")
    assert [receipt.file_name for receipt in receipts(archive)] == ["a.csv", "b.csv"]
    assert send(archive, folder / "in", "c.csv", b"three")
    assert len(list(receipts(archive))) == 3


def test_a_damaged_line_inside_the_log_is_named_and_not_passed_over(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    send(archive, tmp_path / "in", "a.csv", b"one")
    log = archive / RECEIPT_LOG
    log.write_bytes(b"{broken}\n" + log.read_bytes())
    with pytest.raises(WarehouseError) as caught:
        list(receipts(archive))
    assert caught.value.code == "archive.damaged_log"
    assert caught.value.details["line"] == 1
