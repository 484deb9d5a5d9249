"""The build database: one configuration for every connection of the process, and the tables that loading owns."""

from __future__ import annotations

import hashlib

import duckdb

from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.settings import Settings

# One database instance serves every connection of a process only if all of them ask for the same configuration.
# Extensions are never fetched: an air-gapped bureau cannot, and even the attempt to load one tries.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

LABELS = (
    "unit_text", "ref_area_label", "parent_area_label", "time_label", "indicator_label", "area_type_label",
    "obs_status", "conf_status", "definition", "basis", "vintage_text", "freq", "accumulation",
    "standard_error", "obs_comment",
)  # fmt: skip

# A cell's text is stored only where it differs from what its number prints as; both macros must agree.
DDL = f"""
create schema raw;
create schema process;
create schema quality;
create macro raw.canonical_text(number) as
    case when number = trunc(number) and abs(number) < 1e15 then cast(cast(number as bigint) as varchar)
         else cast(number as varchar) end;
create table raw.file (
    file_id integer primary key, source varchar not null, file_name varchar not null, sha256 varchar not null,
    sending_no integer not null, bytes bigint not null, received_at timestamp not null, cells bigint not null,
    rejects bigint not null, address varchar not null, unique (source, sha256, sending_no));
create table raw.sheet (file_id integer, sheet_no usmallint, sheet_name varchar);
create table raw.cell (
    cell_id bigint not null, file_id integer not null, sheet_no usmallint not null, row_no uinteger not null,
    col_no usmallint not null, value double, raw_text varchar, {", ".join(f"{label} varchar" for label in LABELS)});
create table raw.reject (
    file_id integer not null, sheet_no usmallint, row_no uinteger, col_no usmallint, reason varchar not null,
    raw_text varchar);
create table process.reading (
    source varchar primary key, digest varchar not null, last_file_id integer not null);
create table process.observation_partition (
    source varchar, ref_year integer, last_file_id integer, project_digest varchar, primary key (source, ref_year));
create table process.pending (source varchar, ref_year integer, last_file_id integer);
create table process.candidate (
    release_id varchar, created_at timestamp, previous_release_id varchar, code_version varchar,
    input_digest varchar);
"""
VERSION = hashlib.sha256(DDL.encode()).hexdigest()


def open_build(home: Home, settings: Settings | None = None) -> duckdb.DuckDBPyConnection:
    """A read-write connection to the build database, made when missing, and anew when it was made for other tables.

    Raises:
        WarehouseError: `build.unreadable` when the file is no build database of this version.
    """
    home.build.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(home.database, config=OFFLINE)
        if _version(connection) != VERSION:
            _make_anew(connection)
    except duckdb.Error as error:
        raise WarehouseError(
            "build.unreadable", file=home.database, problem=str(error).splitlines()[0]
        ) from error
    if settings:
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute(f"set threads = {settings.threads}")
    return connection


def _version(connection: duckdb.DuckDBPyConnection) -> str | None:
    known = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'process' and table_name = 'version'"
    ).fetchone()
    row = connection.execute("select digest from process.version").fetchone() if known else None
    return str(row[0]) if row else None


def _make_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables of this version; the archive fills them again."""
    connection.begin()
    for schema in ("raw", "process", "quality"):
        connection.execute(f"drop schema if exists {schema} cascade")
    connection.execute(DDL)
    connection.execute(f"create table process.version as select '{VERSION}' as digest")
    connection.commit()
