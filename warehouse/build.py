"""The build database: one configuration for every connection of the process, and the tables that loading owns."""

from __future__ import annotations

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
create schema if not exists raw;
create schema if not exists process;
create schema if not exists quality;
create or replace macro raw.canonical_text(number) as
    case when number = trunc(number) and abs(number) < 1e15 then cast(cast(number as bigint) as varchar)
         else cast(number as varchar) end;
create table if not exists raw.file (
    file_id integer primary key, source varchar not null, file_name varchar not null, sha256 varchar not null,
    sending_no integer not null, bytes bigint not null, received_at timestamp not null, cells bigint not null,
    rejects bigint not null, address varchar not null, unique (source, sha256, sending_no));
create table if not exists raw.sheet (file_id integer, sheet_no usmallint, sheet_name varchar);
create table if not exists raw.cell (
    cell_id bigint not null, file_id integer not null, sheet_no usmallint not null, row_no uinteger not null,
    col_no usmallint not null, value double, raw_text varchar, {", ".join(f"{label} varchar" for label in LABELS)});
create table if not exists raw.reject (
    file_id integer not null, sheet_no usmallint, row_no uinteger, col_no usmallint, reason varchar not null,
    raw_text varchar);
create table if not exists process.reading (
    source varchar primary key, digest varchar not null, last_file_id integer not null);
create table if not exists process.observation_partition (
    source varchar, ref_year integer, last_file_id integer, project_digest varchar, primary key (source, ref_year));
create table if not exists process.pending (source varchar, ref_year integer, last_file_id integer);
create table if not exists process.candidate (
    release_id varchar, created_at timestamp, previous_release_id varchar, code_version varchar,
    input_digest varchar);
"""


def open_build(home: Home, settings: Settings | None = None) -> duckdb.DuckDBPyConnection:
    """A read-write connection to the build database, made when missing.

    Raises:
        WarehouseError: `build.unreadable` when the file is no build database of this version.
    """
    home.build.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(home.database, config=OFFLINE)
        connection.execute(DDL)
    except duckdb.Error as error:
        raise WarehouseError(
            "build.unreadable", file=home.database, problem=str(error).splitlines()[0]
        ) from error
    if settings:
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute(f"set threads = {settings.threads}")
    return connection
