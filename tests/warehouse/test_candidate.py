"""What was derived last can be looked at before it is a release, and by nobody while a refresh writes it."""

import subprocess
import sys

import duckdb
import pytest

from tests.warehouse.conftest import announce
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.query import open_candidate, run

VALUE = "select obs_value from marts.fct_observation"


def refused(home: Home) -> str:
    with pytest.raises(WarehouseError) as caught, open_candidate(home):
        pass
    return caught.value.code


@pytest.fixture
def candidate(ready: duckdb.DuckDBPyConnection, home: Home) -> Home:
    """A home whose build holds what no release has."""
    ready.close()
    return home


def test_what_was_derived_last_is_read(candidate: Home) -> None:
    with open_candidate(candidate) as connection:
        assert run(connection, VALUE).item() == pytest.approx(18.13)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from marts.fct_observation",
        "copy (select 1) to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "attach 'x.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_a_candidate_is_as_isolated_as_a_release(candidate: Home, sql: str) -> None:
    with open_candidate(candidate) as connection, pytest.raises(WarehouseError) as caught:
        run(connection, sql)
    assert caught.value.code in ("sql.failed", "sql.not_a_query")
    with open_candidate(candidate) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql)


def test_before_anything_was_derived_there_is_none(home: Home, build: duckdb.DuckDBPyConnection) -> None:
    build.close()
    assert refused(home) == "candidate.none"
    home.database.unlink()
    assert refused(home) == "candidate.none"


def test_what_was_derived_only_in_part_is_none(home: Home, ready: duckdb.DuckDBPyConnection) -> None:
    ready.execute("update process.candidate set release_id = '20990101T000000Z-bbbbbbbb'")
    ready.close()
    assert refused(home) == "candidate.none"


def test_a_refresh_and_a_reader_of_the_candidate_exclude_each_other(candidate: Home) -> None:
    with build_lock(candidate):
        assert refused(candidate) == "candidate.busy"
    with open_candidate(candidate), pytest.raises(WarehouseError) as caught, build_lock(candidate):
        pass
    assert caught.value.code == "build.locked"
    with build_lock(candidate):
        pass


def test_another_program_that_holds_the_build_is_told_apart_from_damage(candidate: Home) -> None:
    code = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.readline()"
    command = [sys.executable, "-c", code, str(candidate.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert refused(candidate) == "candidate.busy"
        holder.communicate("\n")
    candidate.database.write_bytes(b"no database")
    assert refused(candidate) == "build.unreadable"


def test_a_candidate_is_read_again_after_the_build_went_on(
    home: Home, ready: duckdb.DuckDBPyConnection
) -> None:
    release_id = announce(ready, home, "b" * 64)
    ready.close()
    with open_candidate(home) as connection:
        assert run(connection, "select release_id from marts.release_info").item() == release_id
