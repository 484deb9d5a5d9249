import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cell import Reject
from sources.sheets.delimited import read_delimited
from sources.sheets.delimiter import delimiter_of
from sources.sheets.sheet import Sheet

TEXT = "地区,2020年\n北京市,87.55\n"


def rows(content: bytes, encoding: str = "auto", delimiter: str = ",") -> list[tuple[int | str | None, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(content)
        sheet = read_delimited(path, encoding, delimiter)
    assert isinstance(sheet, Sheet), sheet
    return sheet.grid.rows()


def reject(path: Path, content: bytes, encoding: str = "auto") -> Reject:
    path.write_bytes(content)
    found = read_delimited(path, encoding)
    assert isinstance(found, Reject)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_encodings_of_bureaus_are_recognised(encoding: str) -> None:
    assert rows(TEXT.encode(encoding)) == [(1, "地区", "2020年"), (2, "北京市", "87.55")]


def test_gbk_where_utf8_is_declared_is_refused(tmp_path: Path) -> None:
    assert reject(tmp_path / "f.csv", TEXT.encode("gbk"), "utf-8") == Reject(
        "file.wrong_encoding", text="UTF-8"
    )


def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path) -> None:
    content = TEXT.encode("gb18030") + b"\xff\xff"
    assert reject(tmp_path / "f.csv", content) == Reject("file.wrong_encoding", text="UTF-8 / GB18030")


def test_nul_bytes_are_no_text(tmp_path: Path) -> None:
    assert reject(tmp_path / "f.csv", "a,b".encode("utf-16-le")) == Reject("file.not_text")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(line_end: str) -> None:
    assert rows(line_end.join(["a,b", "", "1,2"]).encode()) == [(1, "a", "b"), (3, "1", "2")]


def test_rows_keep_their_lengths_and_line_numbers() -> None:
    assert rows(b"a,b\n1\n1,2,3\n\n,,\n4,5\n") == [
        (1, "a", "b", None),
        (2, "1", None, None),
        (3, "1", "2", "3"),
        (6, "4", "5", None),
    ]


def test_a_record_is_numbered_by_the_line_where_it_starts() -> None:
    assert rows(b'a,b\n"1\n2",3\n4,5\n') == [(1, "a", "b"), (2, "1\n2", "3"), (4, "4", "5")]


def test_a_quotation_mark_inside_a_text_stays() -> None:
    assert rows(b'a,5" pipe\n"say ""so""",2\n') == [(1, "a", '5" pipe'), (2, 'say "so"', "2")]


def test_a_quotation_mark_that_never_closes_is_named(tmp_path: Path) -> None:
    found = reject(tmp_path / "f.csv", b'a,b\n1,2\n"3,4\n5,6\n')
    assert found == Reject("file.malformed_quotes", row_no=3)


def test_a_text_wider_than_any_spreadsheet_is_refused(tmp_path: Path) -> None:
    assert reject(tmp_path / "f.csv", b"," * 16_384) == Reject("file.too_large", text="1 × 16385")
    spanning = b'"\n"' + b"," * 16_384
    assert reject(tmp_path / "f.csv", spanning) == Reject("file.too_large", text="1 × 16385")


def test_one_wide_line_does_not_widen_a_long_text_beyond_memory(tmp_path: Path) -> None:
    content = b"," * 16_000 + b"\n" * 4_000
    assert reject(tmp_path / "f.csv", content) == Reject("file.too_large", text="4001 × 16001")


@pytest.mark.parametrize(
    ("text", "delimiter"), [("\na;b\n1,2;3,4,5\n", ";"), ("\t\ta\n", "\t"), ("a\n1;2\n", ","), ("", ",")]
)
def test_the_header_tells_what_stands_between_fields(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_tabs_can_stand_between_fields() -> None:
    assert rows(b"a\tb,c\n", delimiter="\t") == [(1, "a", "b,c")]


@pytest.mark.parametrize("content", [b"\n", b"\n\n \n", b",,\n", b"\xef\xbb\xbf", "\u3000,\n".encode()])
def test_a_blank_text_has_no_rows(content: bytes) -> None:
    assert rows(content) == []


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab1 ,"\n\r京'), max_size=6), min_size=2, max_size=4), max_size=6
    )
)
def test_every_well_formed_text_is_read_as_the_csv_module_does(records: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(records)
    expected = [
        [field.replace("\r\n", "\n").replace("\r", "\n").strip() or None for field in record]
        for record in records
    ]
    width = max(map(len, records), default=0)
    found = [row[1 : width + 1] for row in rows(text.getvalue().encode())]
    padded = [tuple(record + [None] * (width - len(record))) for record in expected]
    assert found == [record for record in padded if any(record)]
