"""Loading: every text as it was read, once, with its address."""

import datetime

import duckdb
import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.declared.layout import TidyLayout
from sources.declared.source import Declaration
from tests.warehouse.conftest import write_submission
from warehouse import raw
from warehouse.build import DDL, open_build
from warehouse.collection import receive
from warehouse.home import Home
from warehouse.raw import Loaded, load


def take_in(connection: duckdb.DuckDBPyConnection, home: Home, submission: Declaration) -> Loaded:
    receive(home, {"submission": submission})
    return load(connection, home, submission)


def texts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select coalesce(raw_text, raw.canonical_text(value)) from raw.cell order by cell_id"
    ).fetchall()
    return [text for (text,) in rows]


def test_a_file_is_loaded_once(build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    assert take_in(build, home, submission) == Loaded(files=1, cells=1, rejects=0)
    assert take_in(build, home, submission) == Loaded()


def test_a_number_keeps_its_address_and_its_labels(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    write_submission(home, "110000,2020,gdp,total,35943.3,亿元", "北京市,2021,gdp,total,41045.6,亿元")
    take_in(build, home, submission)
    row = build.execute(
        "select row_no, col_no, value, raw_text, unit_text, ref_area_label, time_label from raw.cell where row_no = 3"
    ).fetchone()
    assert row == (3, 5, 41045.6, None, "亿元", "北京市", "2021")


def test_a_text_is_stored_only_where_its_number_does_not_print_back_to_it(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    printed = [
        "17131",
        "45.4",
        "45.40",
        "43834.0",
        "1e3",
        "12O4",
        "…",
        "nan",
        "inf",
        "007",
        "-0",
        "123456789012345678",
    ]
    write_submission(home, *(f"110000,2020,gdp,total,{text},CNY" for text in printed))
    take_in(build, home, submission)
    assert texts(build) == printed
    stored = build.execute("select count(raw_text) from raw.cell").fetchone()
    assert stored == (len(printed) - 2,)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    values=st.lists(st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{1,8})?", fullmatch=True), min_size=1, max_size=20)
)
def test_every_printed_number_is_given_back_as_it_stood(values: list[str]) -> None:
    connection = duckdb.connect()
    connection.execute("create schema raw")
    connection.execute(next(part for part in DDL.split(";") if "canonical_text" in part))
    connection.register("given", pl.DataFrame({"n": range(len(values)), "text": values}).to_arrow())
    back = connection.execute("""
        select coalesce(case when raw.canonical_text(try_cast(text as double)) = text then null else text end,
            raw.canonical_text(try_cast(text as double))) from given order by n""").fetchall()
    assert [text for (text,) in back] == values


def test_a_failure_inside_a_file_leaves_nothing_of_it(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    monkeypatch.setattr(raw, "LABELS", ("no_such_column",))
    with pytest.raises(duckdb.Error):
        take_in(build, home, submission)
    assert build.execute("select count(*) from raw.file").fetchone() == (0,)
    monkeypatch.undo()
    assert take_in(build, home, submission).files == 1


def test_the_build_database_is_rebuilt_from_the_archive(home: Home, submission: Declaration) -> None:
    path = write_submission(home, "110000,2020,gdp,total,1.50,CNY")
    with open_build(home) as connection:
        take_in(connection, home, submission)
        before = connection.execute("from raw.cell").fetchall()
    path.unlink()
    home.database.unlink()
    with open_build(home) as connection:
        load(connection, home, submission)
        assert connection.execute("from raw.cell").fetchall() == before


def test_an_unreadable_file_is_a_reject_and_does_not_stop_the_others(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    (home.inbox / "submission" / "empty.csv").write_bytes(b"")
    (home.inbox / "submission" / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert take_in(build, home, submission) == Loaded(files=3, cells=1, rejects=2)
    reasons = build.execute("select reason from raw.reject order by 1").fetchall()
    assert reasons == [("file.empty",), ("file.unreadable_workbook",)]


def test_a_hostile_workbook_does_not_stop_the_others(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY", name="z.csv")
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = "x", 1
    book.save(home.inbox / "submission" / "far.xlsx")
    assert take_in(build, home, submission) == Loaded(files=2, cells=1, rejects=1)
    reject = build.execute("select reason, raw_text from raw.reject").fetchall()
    assert reject == [("file.too_large", "1048576 × 16384")]


def relaid(submission: Declaration) -> Declaration:
    """The same source with another layout."""
    changed = submission.model_copy(update={"layout": TidyLayout(kind="tidy", encoding="utf-8")})
    changed._folder = submission.folder
    return changed


def test_another_layout_reads_every_file_anew_under_larger_ids(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY", "北京市,2021,gdp,total,2,CNY", name="a.csv")
    write_submission(home, "bad,2020,gdp,total,1,CNY,stray", name="b.csv")
    take_in(build, home, submission)
    before = build.execute("select max(file_id), count(*) from raw.file").fetchone()
    assert before == (2, 2)
    changed = relaid(submission)
    assert load(build, home, changed) == Loaded(files=2, cells=2, rejects=1)
    assert build.execute("select file_id from raw.file order by 1").fetchall() == [(3,), (4,)]
    for table in ("cell", "reject", "sheet"):
        (count,) = build.execute(f"select count(*) from raw.{table} where file_id <= 2").fetchone() or (None,)
        assert count == 0, table
    assert load(build, home, changed) == Loaded()


def test_an_interrupted_new_reading_goes_on_with_larger_ids(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    take_in(build, home, submission)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(raw, "_load_file", fail)
        with pytest.raises(OSError, match="disk full"):
            load(build, home, relaid(submission))
    assert load(build, home, relaid(submission)).files == 1
    assert build.execute("select file_id from raw.file").fetchall() == [(2,)]


def test_the_files_of_other_sources_stay_when_a_layout_changes(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    take_in(build, home, submission)
    other = relaid(submission).model_copy(update={"source": "other"})
    assert load(build, home, other) == Loaded()
    assert load(build, home, submission) == Loaded()


def test_the_time_of_receipt_is_utc_in_any_time_zone(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    (receipt,) = receive(home, {"submission": submission}).received
    build.execute("set timezone = 'Asia/Shanghai'")
    load(build, home, submission)
    utc = datetime.datetime.fromisoformat(receipt.received_at).replace(tzinfo=None)
    assert build.execute("select received_at from raw.file").fetchone() == (utc,)
