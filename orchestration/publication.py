"""From derived numbers to a release: its name, the gate, the queries that show it as of a day.

Here: what the release needs to be told by the run. Not here: copying, verifying and swapping (`warehouse/release.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb

from orchestration.lineage import Lineage
from orchestration.quality_site import quality_site
from orchestration.resources import Build
from orchestration.transformation import Transformation
from warehouse.gate import check_gate
from warehouse.manifest import Manifest
from warehouse.pending import remaining
from warehouse.release import prepare, publish

# How dbt spells a public relation in compiled SQL; in a release the catalogue has another name.
PUBLIC = re.compile(r'"[^"]+"\."marts"\.')


def remember_inputs(connection: duckdb.DuckDBPyConnection, input_digest: str) -> None:
    """Keep the digest of what was collected, for the release that will be made of it, in this run or another."""
    connection.execute(
        "create or replace table process.collected as select $digest as input_digest",
        {"digest": input_digest},
    )


def prepare_release(build: Build) -> None:
    """Name the release that is about to be derived; partitions left pending make it one that is never up to date."""
    with build.connection() as connection:
        (collected,) = connection.execute("select input_digest from process.collected").fetchone() or ("",)
        prepare(connection, build.home, "" if remaining(connection) else collected)


def unmatched_decisions(build: Build) -> Iterator[tuple[str, dict[str, object]]]:
    """The notice that decisions are about values which the data no longer hold, if there are any."""
    with build.connection() as connection:
        (count,) = connection.execute(
            "select count(*) from marts.mart_review where state = 'unmatched'"
        ).fetchone() or (0,)
    if count:
        yield "review.unmatched", {"decisions": count}


def publish_release(build: Build, lineage: Lineage) -> Manifest:
    """Make the release that was prepared, and put it in force, if it passes the gate.

    The gate stands behind the public relations, so that what it refuses can be looked at.

    Raises:
        GateError: a source lost more than its declared share to quarantine.
    """
    with build.connection() as connection:
        check_gate(connection)
        as_of = as_of_queries(build.transformation, lineage)
        return publish(connection, build.home, as_of, quality_site(connection))


def as_of_queries(transformation: Transformation, lineage: Lineage) -> dict[str, str]:
    """The compiled query of every relation that can be seen as of a day, naming relations as a release does."""
    return {
        name: PUBLIC.sub("marts.", transformation.compiled(path))
        for name, path in lineage.seen_as_of().items()
    }
