from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sources import parsing
from sources.cell import Reject
from sources.declared.source import Declaration
from sources.parsing import parse
from sources.reading import read

HEADER = ["REF_AREA", "TIME_PERIOD", "INDICATOR", "AREA_TYPE", "OBS_VALUE", "UNIT_MEASURE"]
ROW = ["110000", 2020, "resident_population", "total", 2189, "10K_PERSONS"]
Declare = Callable[..., Declaration]


@pytest.mark.parametrize(
    ("name", "content", "reject"),
    [
        ("f.csv", b"", Reject("file.empty")),
        ("f.xlsx", b"", Reject("file.empty")),
        ("f.csv", b" \n,,\n", Reject("file.no_data")),
        ("f.xlsx", b"REF_AREA,TIME_PERIOD", Reject("file.wrong_type", text=".xlsx")),
        ("f.xlsx", b"\xd0\xcf\x11\xe0 encrypted", Reject("file.wrong_type", text=".xlsx")),
        ("f.xls", b"PK\x03\x04", Reject("file.wrong_type", text=".xls")),
        ("f.csv", b"PK\x03\x04", Reject("file.wrong_type", text=".csv")),
        ("F.XLSX", b"PK\x03\x04", Reject("file.unreadable_workbook")),
        ("f.pdf", b"%PDF", Reject("file.unknown_type", text=".pdf")),
        ("f", b"a,b", Reject("file.unknown_type", text="")),
    ],
)
def test_a_file_that_cannot_be_read_is_one_reject(
    declare: Declare, tmp_path: Path, name: str, content: bytes, reject: Reject
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    reading = read(path, declare())
    assert reading.cells.is_empty()
    assert reading.rejects == [reject]


def test_the_declared_encoding_holds(declare: Declare, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("北京市".encode("gbk"))
    reading = read(path, declare(layout={"kind": "tidy", "encoding": "utf-8"}))
    assert reading.rejects == [Reject("file.wrong_encoding", text="UTF-8")]


def test_every_filled_sheet_of_a_tidy_workbook_is_read(declare: Declare, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("说明").append(["填表说明"])
    for name in ("一", "二"):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(ROW)
    book.save(tmp_path / "f.xlsx")
    reading = read(tmp_path / "f.xlsx", declare())
    assert reading.sheets == ["Sheet", "说明", "一", "二"]
    assert reading.rejects == [Reject("file.missing_column", 2, 1, text=", ".join(HEADER))]
    assert reading.cells.select("sheet_no", "row_no", "col_no", "time_label", "value_text").rows() == [
        (3, 2, 5, "2020", "2189"),
        (4, 2, 5, "2020", "2189"),
    ]


def test_a_reader_that_fails_rejects_its_file_only(
    declare: Declare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("no such column")

    monkeypatch.setattr(parsing, "read_tidy", fail)
    path = tmp_path / "f.csv"
    path.write_text(",".join(HEADER) + "\n", encoding="utf-8")
    reading = parse(path, declare(), path.name)
    assert reading.rejects == [Reject("file.reader_failed", text="KeyError: 'no such column'")]


def test_a_disk_that_fails_is_no_matter_of_the_file(
    declare: Declare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("input/output error")

    monkeypatch.setattr(parsing, "read_delimited", fail)
    path = tmp_path / "f.csv"
    path.write_text(",".join(HEADER) + "\n", encoding="utf-8")
    with pytest.raises(OSError, match="input/output"):
        parse(path, declare(), path.name)
