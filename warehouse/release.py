"""Publishing: the public relations copied into a new file of their own, verified, and put in force in one step.

Readers never meet a file that is being written: a release is complete before `current` points at it, and is never
changed afterwards. A process killed at any point leaves `current` where it was; what it left half done is removed
by the next release.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import duckdb

from warehouse.content import content_digest
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.manifest import COMING, CURRENT, DATABASE, UNFINISHED, Manifest, current_id

# The newest storage that DuckDB 1.4 reads; the format of the version in use could be read by no tool that embeds 1.x.
STORAGE = "v1.4.0"
# The same bytes under a second name: a file called marts.duckdb is a catalogue `marts`, and in it a query from
# `marts.x` is ambiguous between catalogue and schema in every version of DuckDB.
SECOND_NAME = "tongji.duckdb"
CSV_ROWS = 1_000_000


def prepare(connection: duckdb.DuckDBPyConnection, home: Home, input_digest: str) -> str:
    """Name the release that is being made, where `release_info` reads it; returns its id.

    An empty digest says that partitions are left pending: the release equals no state of the inputs.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    release_id = f"{now:%Y%m%dT%H%M%SZ}-{input_digest[:8] or 'partial'}"
    connection.execute("delete from process.candidate")
    connection.execute(
        "insert into process.candidate values (?, ?, ?, ?, ?)",
        [release_id, now.replace(tzinfo=None), current_id(home), version("tongji"),
         input_digest],
    )  # fmt: skip
    return release_id


def publish(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    as_of: Mapping[str, str],
    report: Mapping[str, bytes] = MappingProxyType({}),
) -> Manifest:
    """Make the release that `prepare` named, from the schema `marts` of the build database.

    Args:
        connection: the build database.
        home: where releases lie.
        as_of: per relation that can be read as of a day, its query.
        report: files about the release that go with it, by their path within it.

    Raises:
        WarehouseError: `release.unverified` when the copy does not say what the original says.
    """
    draft = _draft(connection, as_of)
    _clear_unfinished(home)
    folder = home.releases / f"{UNFINISHED}{draft.release_id}"
    folder.mkdir(parents=True)
    _copy(connection, folder / DATABASE, draft.rows)
    manifest = replace(draft, digests=_verify(connection, folder / DATABASE, draft.rows))
    _export(connection, folder, manifest.rows)
    os.link(folder / DATABASE, folder / SECOND_NAME)
    manifest = replace(manifest, files=_write(folder, report))
    manifest.write(folder)
    _put_in_force(home, folder, manifest.release_id)
    return manifest


def put_in_force(home: Home, release_id: str) -> None:
    """Point `current` at a release that was in force before, in one step."""
    _swap(home, _link(home, f"{UNFINISHED}link", release_id))


def _draft(connection: duckdb.DuckDBPyConnection, as_of: Mapping[str, str]) -> Manifest:
    relations = public_relations(connection)
    info = connection.execute(
        "select release_id, created_at, previous_release_id, input_digest, code_version, observations, quarantined,"
        " rejected, missing from marts.release_info"
    ).fetchone()
    if info is None:
        raise WarehouseError("release.not_prepared")
    flags = dict(
        connection.execute(
            "select severity, count(*) from marts.mart_quality_flag"
            " where disposition in ('open', 'pending', 'queried') group by all"
        ).fetchall()
    )
    counts = {"observations": info[5], "quarantined": info[6], "missing": info[8], "rejected": info[7]}
    counts |= {
        f"flags_{severity}": flags.get(severity, 0) for severity in ("error", "warning", "information")
    }
    rows = {name: _rows(connection, name) for name in relations}
    return Manifest(
        release_id=info[0],
        created_at=info[1].replace(tzinfo=UTC).isoformat(),
        previous_release_id=info[2],
        input_digest=info[3],
        code_version=info[4],
        rows=rows,
        counts=counts,
        as_of=dict(as_of),
    )


def public_relations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The relations of the schema `marts`, by name."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' and database_name = current_database()"
        " order by 1"
    ).fetchall()
    return [name for (name,) in found]


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from marts.{relation}").fetchone()
    return int(row[0]) if row else 0


def _copy(connection: duckdb.DuckDBPyConnection, database: Path, relations: Mapping[str, int]) -> None:
    build = connection.execute("select current_database()").fetchone()
    assert build is not None
    connection.execute(f"attach '{_quoted(database)}' as release (storage_version '{STORAGE}')")
    try:
        connection.execute("create schema release.marts")
        for name in relations:
            connection.execute(f"create table release.marts.{name} as from marts.{name}")
            _copy_comments(connection, str(build[0]), name)
        connection.execute("checkpoint release")
    finally:
        connection.execute("detach release")
    if database.with_name(f"{database.name}.wal").exists():
        raise WarehouseError("release.unverified", relation="-", problem="a write-ahead log was left behind")


def _copy_comments(connection: duckdb.DuckDBPyConnection, build: str, relation: str) -> None:
    (table,) = connection.execute(
        "select comment from duckdb_tables() where database_name = ? and schema_name = 'marts' and table_name = ?",
        [build, relation],
    ).fetchone() or (None,)
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = ? and schema_name = 'marts'"
        " and table_name = ? and comment is not null",
        [build, relation],
    ).fetchall()
    if table:
        connection.execute(f"comment on table release.marts.{relation} is '{_quoted(table)}'")
    for column, comment in columns:
        connection.execute(f"comment on column release.marts.{relation}.\"{column}\" is '{_quoted(comment)}'")


def _verify(
    connection: duckdb.DuckDBPyConnection, database: Path, relations: Iterable[str]
) -> dict[str, str]:
    """Hold the copy against the original, row by row, and return the digests of its content."""
    digests = {}
    with duckdb.connect(database, read_only=True) as copy:
        for relation in relations:
            if _fingerprint(copy, f"marts.marts.{relation}") != _fingerprint(connection, f"marts.{relation}"):
                raise WarehouseError("release.unverified", relation=relation, problem="the copy differs")
            if relation != "release_info":
                digests[relation] = content_digest(copy, relation, schema="marts.marts")
    return digests


def _fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[object, ...] | None:
    # DuckDB's own hash: quick, and the same on both sides, though not across versions as a digest must be.
    return connection.execute(f"select count(*), sum(hash(whole)) from {relation} as whole").fetchone()


def _export(connection: duckdb.DuckDBPyConnection, folder: Path, rows: Mapping[str, int]) -> None:
    (folder / "parquet").mkdir()
    (folder / "csv").mkdir()
    for name, count in rows.items():
        parquet = _quoted(folder / "parquet" / f"{name}.parquet")
        connection.execute(f"copy marts.{name} to '{parquet}' (format parquet, compression zstd)")
        if count <= CSV_ROWS:
            connection.execute(
                f"copy marts.{name} to '{_quoted(folder / 'csv' / name)}.csv' (format csv, header)"
            )


def _write(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write files into a release; returns their digests."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _put_in_force(home: Home, folder: Path, release_id: str) -> None:
    for path in folder.rglob("*"):
        _sync(path)
        if path.is_file():
            path.chmod(0o444)
    _sync(folder)
    # Until this link becomes `current`, it tells that the release is not in force yet: both end in the same step.
    coming = _link(home, COMING, release_id)
    folder.rename(home.releases / release_id)
    _sync(home.releases)
    _swap(home, coming)


def _link(home: Home, name: str, release_id: str) -> Path:
    link = home.releases / name
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    _sync(home.releases)
    return link


def _swap(home: Home, link: Path) -> None:
    os.replace(link, home.releases / CURRENT)
    _sync(home.releases)


def _clear_unfinished(home: Home) -> None:
    home.releases.mkdir(parents=True, exist_ok=True)
    coming = home.releases / COMING
    if coming.exists() and coming.resolve().name != current_id(home):
        shutil.rmtree(coming.resolve())
    for path in home.releases.glob(f"{UNFINISHED}*"):
        path.unlink() if path.is_symlink() else shutil.rmtree(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
