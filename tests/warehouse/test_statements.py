"""Sending again: what counts as a statement, and that the last one on each figure is in force."""

import os
from datetime import date, timedelta
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.declared.source import Declaration
from tests.warehouse.conftest import write_submission
from warehouse.archive import Ledger, Receipt, receipts, receive
from warehouse.collection import receive as receive_all
from warehouse.digest import input_digest
from warehouse.home import DBT_PROJECT, Home
from warehouse.raw import load

ONE, OTHER = "110000,2020,gdp,total,1,CNY", "110000,2020,gdp,total,2,CNY"
OBSERVATION = DBT_PROJECT / "models" / "intermediate" / "evidence" / "int_observation.sql"

Table = dict[str, int]


def send(archive: Path, path: Path, content: str) -> bool:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return receive(archive, "submission", path, Ledger(receipts(archive))) is not None


def test_a_version_taken_back_by_the_one_before_is_received_again(tmp_path: Path) -> None:
    table = tmp_path / "in" / "table.csv"
    assert [send(tmp_path, table, content) for content in ("A", "B", "A", "A")] == [True, True, True, False]


def test_two_files_that_lie_there_for_good_do_not_take_turns(tmp_path: Path) -> None:
    one, other = tmp_path / "in" / "one.csv", tmp_path / "in" / "other.csv"
    assert send(tmp_path, one, "A")
    assert send(tmp_path, other, "B")
    for _ in range(3):
        assert not send(tmp_path, one, "A")
        assert not send(tmp_path, other, "B")


def test_a_bundled_file_and_one_of_its_name_in_the_inbox_do_not_take_turns(
    home: Home, submission: Declaration, tmp_path: Path
) -> None:
    bundled = submission.model_copy()
    bundled._folder = tmp_path / "submission"
    files = bundled.folder / "files"
    files.mkdir(parents=True)
    (files / "report.csv").write_text(ONE, encoding="utf-8")
    write_submission(home, OTHER)
    assert len(receive_all(home, {"submission": bundled}).received) == 2
    for _ in range(3):
        assert receive_all(home, {"submission": bundled}).received == []
    assert [receipt.place for receipt in receipts(home.archive)] == ["bundled", "inbox"]


def test_files_are_received_in_the_order_in_which_they_were_written(
    home: Home, submission: Declaration
) -> None:
    for age, name in ((30, "c.csv"), (20, "a.csv"), (10, "b.csv")):
        path = write_submission(home, f"110000,2020,gdp,total,{age},CNY", name=name)
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    received = receive_all(home, {"submission": submission}).received
    assert [receipt.file_name for receipt in received] == ["c.csv", "a.csv", "b.csv"]


def test_a_version_taken_back_is_a_change_and_is_loaded_last(
    build: duckdb.DuckDBPyConnection, home: Home, submission: Declaration
) -> None:
    sources = {"submission": submission}
    digests = []
    for row in (ONE, OTHER, ONE):
        write_submission(home, row)
        digests.append(input_digest(home, sources))
        receive_all(home, sources)
        assert input_digest(home, sources) == digests[-1], "what was received was known to lie there"
        assert load(build, home, submission).files == 1
        assert load(build, home, submission).files == 0
    assert len(set(digests)) == 3
    loaded = build.execute("select file_id, sending_no from raw.file order by 1").fetchall()
    assert loaded == [(1, 1), (2, 1), (3, 2)]
    values = build.execute("select value from raw.cell order by cell_id").fetchall()
    assert values == [(1.0,), (2.0,), (1.0,)]


def test_a_copy_under_another_name_is_no_change(home: Home, submission: Declaration) -> None:
    sources = {"submission": submission}
    write_submission(home, ONE, name="a.csv")
    receive_all(home, sources)
    before = input_digest(home, sources)
    write_submission(home, ONE, name="copy.csv")
    assert input_digest(home, sources) == before
    assert receive_all(home, sources).received == []


def test_a_log_without_places_is_read(tmp_path: Path) -> None:
    line = '{"source": "s", "file_name": "a.csv", "sha256": "0", "bytes": 1, "received_at": "2026-01-01T00:00:00"}'
    (tmp_path / "receipts.jsonl").write_text(line + "\n", encoding="utf-8")
    assert list(receipts(tmp_path)) == [Receipt("s", "a.csv", "0", 1, "2026-01-01T00:00:00", "inbox")]


def in_force(statements: list[Table], stated_days: list[date | None]) -> Table:
    """What the project makes of files of one source that were received one a day."""
    model = jinja2.Environment().from_string(OBSERVATION.read_text(encoding="utf-8"))
    with duckdb.connect() as connection:
        connection.execute("""
            create table int_series as select 1 as series_no, 's' as source, 'A' as freq, 'period' as accumulation,
                'gdp' as indicator, 'total' as area_type, 'd' as definition, 'b' as basis, null::integer as break_year;
            create table int_cell as select int_series.* exclude (series_no), 0::bigint as cell_id, 0 as file_id,
                '' as ref_area, 2020 as ref_year, '2020' as time_period, date '2020-01-01' as vintage,
                true as vintage_inferred, 'A' as obs_status, 'F' as conf_status, 1 as multiplier, 0 as decimals,
                'CNY' as unit_text, 0 as printed_decimals,
                0::decimal(38, 15) as exact_value, false as is_missing, null::varchar as reject_reason
            from int_series limit 0;
            create table int_reviewed_cell as select 0::bigint as cell_id, '' as outcome,
                0::decimal(38, 15) as decided_value, 0 as decided_decimals limit 0""")
        cell_id = 0
        for number, (table, stated) in enumerate(zip(statements, stated_days, strict=True)):
            for key, value in table.items():
                cell_id += 1
                connection.execute(
                    """
                    insert into int_cell
                    select * exclude (series_no), $id, $file, $key, 2020, '2020', $vintage, $inferred, 'A', 'F', 1, 0,
                        'CNY', 0, $value, false, null
                    from int_series""",
                    {
                        "id": cell_id, "file": number, "key": key, "value": value, "inferred": stated is None,
                        "vintage": stated or date(2026, 1, 1) + timedelta(days=number),
                    },
                )  # fmt: skip
        rows = connection.execute(
            f"select ref_area, obs_value::integer from ({model.render(ref=lambda name: name)}) where edition_no = 1"
        ).fetchall()
    return dict(rows)


TABLES = st.dictionaries(st.sampled_from("xyz"), st.integers(1, 3), min_size=1)
DROPS = st.lists(
    st.tuples(st.sampled_from(["a.csv", "b.csv"]), TABLES, st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=60)
@given(drops=DROPS, dated=st.booleans())
def test_whatever_is_put_down_the_last_statement_on_each_figure_is_in_force(
    tmp_path_factory: pytest.TempPathFactory, drops: list[tuple[str, Table, bool]], dated: bool
) -> None:
    folder = tmp_path_factory.mktemp("drops")
    lying: dict[str, Table] = {}
    ever: list[Table] = []
    expected: Table = {}
    for name, table, is_seen_twice in drops:
        path = folder / "in" / name
        received = send(folder, path, repr(sorted(table.items())))
        # A file overwritten with other content states it; a new name for known content states nothing.
        states = table not in ever or lying.get(name, table) != table
        assert received == states
        if states:
            lying[name] = table
            ever.append(table)
            expected |= table
        for other in lying if is_seen_twice else ():
            content = (folder / "in" / other).read_text(encoding="utf-8")
            assert not send(folder, folder / "in" / other, content)
    # All on one stated day the order of receipt decides, as it does where the day of receipt is the vintage.
    stated = [date(2025, 1, 1) if dated else None] * len(ever)
    assert in_force(ever, stated) == expected
