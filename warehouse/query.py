"""Reading a release or the candidate for one: a query, read-only, that can reach nothing else.

The release is attached under a name of its own to a database in memory, so that `marts.mart_x` means the schema. As
of a day, views of the same names over the kept vintages stand before the stored tables.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import polars as pl

from warehouse.build import OFFLINE
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.manifest import DATABASE, Manifest, read_manifest, release_folder

# Asked for in place of a release: what the build database holds, released or not.
CANDIDATE = "candidate"
# The date that the models use for "all that is known"; see the dbt macro of the same meaning.
END_OF_TIME = "9999-12-31"
# How a kept query names a public relation.
PUBLIC = re.compile(r'\bmarts\."?(\w+)"?')
# DESCRIBE, SHOW and SUMMARIZE count as SELECT.
QUERIES = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


def open_release(
    home: Home, release_id: str | None = None, as_of: datetime.date | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection on which `marts.<relation>` is the release, and nothing else of the machine can be reached.

    Raises:
        WarehouseError: `release.none`, `release.unknown`, `release.damaged`.
    """
    folder = release_folder(home, release_id)
    manifest = read_manifest(folder)
    try:
        connection = _attached(folder / DATABASE)
    except duckdb.Error as error:
        problem = str(error).splitlines()[0]
        raise WarehouseError("release.damaged", file=folder / DATABASE, problem=problem) from error
    if as_of is not None:
        _look_back(connection, manifest, as_of)
    return _isolated(connection)


@contextmanager
def open_candidate(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which `marts.<relation>` is what was derived last; no refresh begins before it is closed.

    Raises:
        WarehouseError: `candidate.none` when nothing was derived to the end, `candidate.busy` while a refresh runs,
            `build.unreadable`.
    """
    if not home.database.exists():
        raise WarehouseError("candidate.none", home=home.root)
    with ExitStack() as held:
        try:
            held.enter_context(build_lock(home))
            connection = held.enter_context(_attached(home.database))
        except WarehouseError as error:
            raise WarehouseError("candidate.busy", file=home.database) from error
        except duckdb.Error as error:
            problem = str(error).splitlines()[0]
            if "lock on file" in problem:  # whoever else has it open does not know our own lock
                raise WarehouseError("candidate.busy", file=home.database) from error
            raise WarehouseError("build.unreadable", file=home.database, problem=problem) from error
        if not _derived(connection):
            raise WarehouseError("candidate.none", home=home.root)
        yield _isolated(connection)


def _attached(database: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config=OFFLINE)
    connection.execute(f"attach '{_quoted(database)}' as tongji (read_only)")
    connection.execute("use tongji")
    return connection


def _isolated(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _derived(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the public relations are those of the release that was prepared last, and not of two."""
    try:
        return bool(
            connection.execute(
                "select release_id from marts.release_info intersect select release_id from process.candidate"
            ).fetchone()
        )
    except duckdb.CatalogException:
        return False


def _look_back(connection: duckdb.DuckDBPyConnection, manifest: Manifest, as_of: datetime.date) -> None:
    connection.execute("use memory")
    connection.execute("create schema marts")
    for relation in manifest.rows:
        connection.execute(f"create view marts.{relation} as from tongji.marts.{relation}")
    queries = {
        relation: query.replace(END_OF_TIME, as_of.isoformat()) for relation, query in manifest.as_of.items()
    }
    for relation in queries:
        connection.execute(f"create or replace view marts.{relation} as {_whole(relation, queries)}")


def _whole(relation: str, queries: Mapping[str, str]) -> str:
    """The query of a relation together with those of all that it reads; what is read twice is computed once.

    As views upon views each would be computed for every way that leads to it.
    """
    mentioned: dict[str, list[str]] = {}
    waiting = [relation]
    while waiting:
        name = waiting.pop()
        if name not in mentioned:
            mentioned[name] = [found for found in PUBLIC.findall(queries[name]) if found in queries]
            waiting.extend(mentioned[name])
    times = Counter(found for names in mentioned.values() for found in names)
    text = {
        name: PUBLIC.sub(lambda found: found[1] if found[1] in queries else found[0], queries[name])
        for name in mentioned
    }
    *below, last = TopologicalSorter(mentioned).static_order()
    parts = (f"{name} as {'materialized ' * (times[name] > 1)}({text[name]})" for name in below)
    return f"with {', '.join(parts)} from ({text[last]})" if below else text[last]


def run(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """The rows of one query, all of them.

    Raises:
        WarehouseError: `sql.failed` with what the database says; `sql.not_a_query` for anything but one query;
            `sql.unknown_type` for a column that cannot be handed over (an interval).
    """
    try:
        kinds = [statement.type for statement in connection.extract_statements(sql)]
        if len(kinds) != 1 or kinds[0] not in QUERIES:
            raise WarehouseError("sql.not_a_query")
        # The relation, not the cursor: the cursor would copy all rows once more.
        relation = connection.sql(sql, params=list(parameters) or None)
        return pl.DataFrame(relation.to_arrow_table())
    except duckdb.Error as error:
        raise WarehouseError("sql.failed", problem=str(error).strip()) from error
    except pl.exceptions.PolarsError as error:
        raise WarehouseError("sql.unknown_type", problem=str(error).splitlines()[0]) from error


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
