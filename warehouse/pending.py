"""Which partitions (source × reference year) of the observations are behind what was loaded.

A partition is up to date when it was computed from every file that holds it, by the code and the declarations in
force. Cells whose year cannot be read stand under the year 0, so that their rejects are recomputed like any other.
What is to be computed stands in `process.pending`, where the dbt model reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

LOADED = """
    select source, coalesce(ref_year, 0) as ref_year, max(file_id) as last_file_id
    from staging.stg_cell
    group by all"""

BEHIND = f"""
    select loaded.source, loaded.ref_year, loaded.last_file_id
    from ({LOADED}) as loaded
    left join process.observation_partition as done using (source, ref_year)
    where done.source is null or done.last_file_id < loaded.last_file_id"""


@dataclass(frozen=True)
class Plan:
    """What one computation of the observations covers.

    `rebuild` says that nothing computed before can stay: the table is made anew.
    """

    partitions: int
    sources: tuple[str, ...]
    rebuild: bool


def plan(
    connection: duckdb.DuckDBPyConnection,
    project_digest: str,
    sources: Sequence[str] | None = None,
    years: tuple[int, int] | None = None,
) -> Plan:
    """Write the partitions to compute now into `process.pending`; reads `staging.stg_cell`.

    When code or declarations changed since the last computation every partition is pending, whatever was asked for:
    observations of two versions do not stand side by side.

    Args:
        connection: the build database.
        project_digest: the code and the declarations in force.
        sources: only these, when given.
        years: only from the first to the last of these, when given.
    """
    changed = _count(
        connection,
        "select count(*) from process.observation_partition where project_digest <> ?",
        [project_digest],
    )
    if changed:
        connection.execute("delete from process.observation_partition")
        sources = years = None
    rebuild = not _count(connection, "select count(*) from process.observation_partition")
    first, last = years or (0, 9999)
    connection.execute(
        f"""
        create or replace table process.pending as
        select * from ({BEHIND})
        where ($all or list_contains($sources, source)) and (ref_year = 0 or ref_year between $first and $last)""",
        {"all": sources is None, "sources": list(sources or ()), "first": first, "last": last},
    )
    names = connection.execute("select distinct source from process.pending order by all").fetchall()
    partitions = _count(connection, "select count(*) from process.pending")
    return Plan(partitions, tuple(name for (name,) in names), rebuild)


def mark_computed(connection: duckdb.DuckDBPyConnection, project_digest: str) -> None:
    """Record that what stood in `process.pending` is computed, and leave nothing pending there."""
    connection.begin()
    connection.execute(
        """
        insert or replace into process.observation_partition
        select source, ref_year, last_file_id, ? from process.pending""",
        [project_digest],
    )
    connection.execute("delete from process.pending")
    connection.commit()


def remaining(connection: duckdb.DuckDBPyConnection) -> int:
    """How many partitions are still behind."""
    return _count(connection, f"select count(*) from ({BEHIND})")


def _count(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] = ()) -> int:
    row = connection.execute(query, list(parameters)).fetchone()
    return int(row[0]) if row else 0
