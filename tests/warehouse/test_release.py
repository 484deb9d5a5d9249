"""A release is whole or not there, and says what the build said."""

import csv
import datetime
import hashlib
import subprocess
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.conftest import AS_OF, announce
from warehouse import release
from warehouse.content import content_digest
from warehouse.errors import GateError, WarehouseError
from warehouse.gate import check_gate
from warehouse.home import Home
from warehouse.manifest import Manifest, current, list_releases, read_manifest
from warehouse.query import open_release, run
from warehouse.release import publish


def value(home: Home, sql: str, release_id: str | None = None, as_of: datetime.date | None = None) -> object:
    with open_release(home, release_id, as_of) as connection:
        return run(connection, sql).item()


def test_a_release_holds_the_relations_their_comments_and_the_same_as_files(
    ready: duckdb.DuckDBPyConnection, home: Home
) -> None:
    manifest = publish(ready, home, AS_OF)
    folder = home.releases / manifest.release_id
    assert (home.releases / "current").resolve() == folder
    assert value(home, "select obs_value from marts.fct_observation") == pytest.approx(18.13)
    comment = "select comment from duckdb_tables() where table_name = 'fct_observation'"
    assert value(home, comment) == "One row per observation in force; the bureau's own."
    with (folder / "csv" / "fct_observation.csv").open(encoding="utf-8") as file:
        assert next(csv.DictReader(file))["obs_value"] == "18.13"
    with duckdb.connect() as reader:
        assert reader.sql(f"from '{folder}/parquet/fct_observation.parquet'").fetchall() == [
            ("000000", pytest.approx(18.13), datetime.date(2021, 9, 30))
        ]
    assert not list(folder.glob("*.wal"))
    assert list_releases(home) == [manifest] == [current(home)]


def test_a_report_goes_with_the_release_it_is_about(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    first = publish(ready, home, AS_OF, {"quality/problems/a.csv": b"1", "quality/index.html": b"2"})
    folder = home.releases / first.release_id
    assert (folder / "quality" / "problems" / "a.csv").read_bytes() == b"1"
    assert not (folder / "quality" / "index.html").stat().st_mode & 0o222
    assert first.files["quality/index.html"] == hashlib.sha256(b"2").hexdigest()
    assert read_manifest(folder) == first
    announce(ready, home, "b" * 64)
    second = publish(ready, home, AS_OF)
    assert second.files == {}
    assert not (home.releases / second.release_id / "quality").exists()


@pytest.mark.older_duckdb
@pytest.mark.parametrize("name", ["marts", "tongji"])
def test_older_versions_of_duckdb_read_a_release(
    ready: duckdb.DuckDBPyConnection, home: Home, older_duckdb: tuple[list[str], dict[str, str]], name: str
) -> None:
    manifest = publish(ready, home, AS_OF)
    # In a file named like its schema the name has to be given in full.
    relation = "marts.marts.fct_observation" if name == "marts" else "marts.fct_observation"
    code = (
        "import duckdb, sys; assert duckdb.__version__ < '2'; reader = duckdb.connect(sys.argv[1], read_only=True);"
        "print(reader.execute(f'select obs_value from {sys.argv[2]}').fetchone()[0])"
    )
    command, environment = older_duckdb
    path = home.releases / "current" / f"{name}.duckdb"
    done = subprocess.run(
        [*command, "-c", code, str(path), relation],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("18.13", 0), done.stderr
    assert manifest.rows["fct_observation"] == 1


def test_a_release_is_read_as_of_a_day(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    publish(ready, home, AS_OF)
    as_of = "select max(obs_value) from marts.fct_observation"
    assert value(home, as_of, as_of=datetime.date(2020, 6, 30)) == pytest.approx(16.21)
    assert value(home, as_of, as_of=datetime.date(2022, 1, 1)) == pytest.approx(18.13)


@pytest.mark.parametrize("step", ["_copy", "_verify", "_export", "_put_in_force", "_swap"])
def test_a_release_that_fails_at_any_step_leaves_the_last_one_current(
    ready: duckdb.DuckDBPyConnection, home: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = publish(ready, home, AS_OF)
    announce(ready, home, "b" * 64)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(release, step, fail)
    with pytest.raises(OSError, match="no space"):
        publish(ready, home, AS_OF)
    assert current(home) == first
    monkeypatch.undo()
    announce(ready, home, "c" * 64)
    second = publish(ready, home, AS_OF)
    assert current(home) == second
    assert second.previous_release_id == first.release_id
    assert not list(home.releases.glob(".unfinished-*"))


def test_a_reader_keeps_the_release_it_opened(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    first = publish(ready, home, AS_OF)
    with open_release(home) as reader:
        ready.execute("update marts.fct_observation set obs_value = 99")
        announce(ready, home, "b" * 64)
        publish(ready, home, AS_OF)
        assert run(reader, "select obs_value from marts.fct_observation").item() == pytest.approx(18.13)
    assert value(home, "select obs_value from marts.fct_observation") == 99
    assert value(home, "select obs_value from marts.fct_observation", first.release_id) == pytest.approx(
        18.13
    )


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "attach 'x.duckdb'",
        "set enable_external_access = true",
        "install excel",
        "delete from marts.fct_observation",
        "create table marts.x as select 1",
        "select 1; select 2",
        "",
        "selec 1",
    ],
)
def test_a_query_reaches_nothing_but_the_release(
    ready: duckdb.DuckDBPyConnection, home: Home, sql: str
) -> None:
    publish(ready, home, AS_OF)
    with open_release(home) as reader, pytest.raises(WarehouseError) as caught:
        run(reader, sql)
    assert caught.value.code in ("sql.failed", "sql.not_a_query")


@pytest.mark.parametrize(
    "sql", ["explain select 1", "describe marts.fct_observation", "select sum(1::hugeint)"]
)
def test_what_analysts_ask_is_answered(ready: duckdb.DuckDBPyConnection, home: Home, sql: str) -> None:
    publish(ready, home, AS_OF)
    with open_release(home) as reader:
        assert run(reader, sql).height > 0


def test_a_column_that_cannot_be_handed_over_is_named(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    publish(ready, home, AS_OF)
    with open_release(home) as reader, pytest.raises(WarehouseError) as caught:
        run(reader, "select interval 1 day")
    assert caught.value.code == "sql.unknown_type"


def test_what_is_not_there_is_named(home: Home) -> None:
    with pytest.raises(WarehouseError) as caught:
        open_release(home)
    assert caught.value.code == "release.none"


@pytest.mark.parametrize("name", ["20990101T000000Z-aaaaaaaa", "../archive", ""])
def test_an_unknown_release_is_named(ready: duckdb.DuckDBPyConnection, home: Home, name: str) -> None:
    publish(ready, home, AS_OF)
    with pytest.raises(WarehouseError) as caught:
        open_release(home, name)
    assert caught.value.code == "release.unknown"


def test_a_damaged_release_is_named(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    manifest = publish(ready, home, AS_OF)
    file = home.releases / manifest.release_id / "marts.duckdb"
    file.chmod(0o644)
    file.write_bytes(b"no database")
    with pytest.raises(WarehouseError) as caught:
        open_release(home)
    assert caught.value.code == "release.damaged"


def test_a_source_that_lost_too_much_to_quarantine_stops_the_release(
    build: duckdb.DuckDBPyConnection,
) -> None:
    build.execute("""
        create schema intermediate;
        create table intermediate.int_observation_evidence as
            select range as cell_id, if(range < 10, 'small', 'large') as source from range(111);
        create table intermediate.int_observation as
            select range as cell_id, if(range = 110, 2, 1) as edition_no,
                if(range = 20, 'accept', null) as review_outcome
            from range(111);
        create table raw.source as select unnest(['small', 'large']) as source, 5::double as max_quarantined_pct;
        create table quality.verdict as
            select cell_id, 'fail' as outcome, 'error' as severity, rule
            from (values (10), (11), (12), (13), (14), (20)) as t(cell_id), (values ('a'), ('b')) as r(rule)""")
    check_gate(build)
    build.execute("insert into quality.verdict values (0, 'fail', 'error', 'a'), (1, 'fail', 'warning', 'a')")
    with pytest.raises(GateError) as caught:
        check_gate(build)
    assert caught.value.details == {"shares": "small 10.00 % > 5 %", "names": ("small",)}
    build.execute("insert into quality.verdict values (15, 'fail', 'error', 'a')")
    with pytest.raises(GateError) as caught:
        check_gate(build)
    assert caught.value.details["shares"] == "small 10.00 % > 5 %, large 6.00 % > 5 %"


@given(
    rows=st.lists(
        st.tuples(st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False), st.text("aé|~", max_size=3)),
        min_size=1, max_size=12,
    ),
    order=st.randoms(),
)  # fmt: skip
def test_the_digest_counts_content_and_not_order(rows: list[tuple[int, float, str]], order: Random) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert digest(rows) == digest(shuffled)
    assert digest(rows) != digest([*rows, rows[0]])
    changed = [(rows[0][0] + 1, *rows[0][1:]), *rows[1:]]
    assert sorted(changed) == sorted(rows) or digest(rows) != digest(changed)


def digest(rows: list[tuple[int, float, str]]) -> str:
    with duckdb.connect() as connection:
        connection.execute("create schema marts; create table marts.t (a integer, b double, c varchar)")
        connection.executemany("insert into marts.t values (?, ?, ?)", rows)
        return content_digest(connection, "t")


def test_doubles_count_with_twelve_digits() -> None:
    assert digest([(1, 0.1 + 0.2, "x")]) == digest([(1, 0.3, "x")])
    assert digest([(1, 0.30000000001, "x")]) != digest([(1, 0.3, "x")])


def test_the_manifest_is_read_back(tmp_path: Path) -> None:
    manifest = Manifest(
        "20260101T000000Z-aaaaaaaa", "2026-01-01T00:00:00+00:00", None, "a" * 64, "0.1.0", {"t": 1}
    )
    manifest.write(tmp_path)
    assert read_manifest(tmp_path) == manifest
