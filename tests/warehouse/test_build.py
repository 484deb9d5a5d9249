"""The build database is disposable: one that was made for other tables is made anew."""

import duckdb

from warehouse.build import open_build
from warehouse.home import Home


def _files(home: Home) -> list[tuple[object, ...]]:
    with open_build(home) as connection:
        return connection.execute("select file_id from raw.file").fetchall()


def test_what_was_loaded_stays_while_the_tables_stay_as_they_are(home: Home) -> None:
    with open_build(home) as connection:
        connection.execute("insert into raw.file values (1, 's', 'f', 'x', 1, 1, now(), 1, 0, 'A1')")
    assert _files(home) == [(1,)]


def test_tables_of_another_version_are_made_anew(home: Home) -> None:
    home.build.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(home.database) as connection:
        connection.execute(
            "create schema raw; create table raw.file (file_id integer); insert into raw.file values (7)"
        )
        connection.execute("create schema process; create table process.version as select 'older' as digest")
    assert _files(home) == []
    with open_build(home) as connection:
        assert connection.execute("select count(*) from process.observation_partition").fetchall() == [(0,)]
