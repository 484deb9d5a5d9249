"""The steps of a refresh as assets: each calls the room that does the work, and says how much came of it.

Here: what calls what, on which part. Not here: definitions put together (`definitions.py`), lineage (`lineage.py`),
what a step does (the other rooms).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb

from expectations.review import ReviewLog
from expectations.reviewed import enter_reviews
from expectations.rule import Rule
from orchestration import progress
from orchestration.answers import released_decisions
from orchestration.checks import rule_checks, rule_outcomes, test_checks, test_outcomes
from orchestration.errors import OrchestrationError
from orchestration.failure import explained
from orchestration.lineage import (
    CLASSIFY,
    COLLECT,
    DISSEMINATE,
    PARTITIONED_MODEL,
    RELEASE,
    VALIDATE,
    VERDICT,
    Lineage,
    Step,
    observation_key,
    raw_key,
)
from orchestration.messages import catalogue
from orchestration.publication import prepare_release, publish_release, remember_inputs, unmatched_decisions
from orchestration.resources import WRITER, Build
from orchestration.transformation import refuse_failures
from sources.declared.source import Declaration
from warehouse.asking import ask_services
from warehouse.collection import declared_sources, receive
from warehouse.declared import declare
from warehouse.digest import input_digest, meaning_digest
from warehouse.pending import mark_computed, plan
from warehouse.policy.registers import supplements
from warehouse.raw import load

FIRST_YEAR = 1949
# Loading is repeatable (a file goes in once, by its sha-256), so a busy disk deserves a second try.
RETRY = dg.RetryPolicy(max_retries=2, delay=1)

Results = Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]


def reference_years() -> dg.StaticPartitionsDefinition:
    """The partitions of the observations: the years that yearly statistics can be about."""
    return dg.StaticPartitionsDefinition(
        [str(year) for year in range(FIRST_YEAR, datetime.now(UTC).year + 1)]
    )


def collect_assets(declarations: Mapping[str, Declaration]) -> dg.AssetsDefinition:
    """One asset per source: what it sent, archived and loaded as it was read."""
    specs = [
        dg.AssetSpec(
            raw_key(name), group_name=COLLECT, description=f"{_title(one)}: the cells as they were read."
        )
        for name, one in declarations.items()
    ]

    @dg.multi_asset(name="collect", specs=specs, can_subset=True, pool=WRITER, retry_policy=RETRY)
    def collect(context: dg.AssetExecutionContext, build: Build) -> Results:
        progress.stage("collect")
        with explained():
            declared = declared_sources(build.home, build.settings)
            names = sorted(key.path[-1] for key in context.selected_asset_keys)
            gone = [name for name in names if name not in declared]
            if gone:
                raise OrchestrationError("serve.source_gone", source=", ".join(gone))
            asked = {name: declared[name] for name in names}
            # What services answer belongs to this run's inputs; a file that arrives meanwhile makes the next run.
            notices = ask_services(build.home, declared, build.settings)
            digest = input_digest(build.home, asked)
            intake = receive(build.home, declared)
            for code, details in [*notices, *intake.notices]:
                context.log.warning(progress.told(code, details))
                progress.notice(code, details)
            with build.connection() as connection:
                declare(connection, declared, catalogue(), supplements(build.home, declared))
                enter_reviews(connection, ReviewLog(build.home.reviews), released_decisions(build.home))
                for name, declaration in asked.items():
                    loaded = load(connection, build.home, declaration, build.settings.reading)
                    yield _made(raw_key(name), files=loaded.files, cells=loaded.cells, rejects=loaded.rejects)
                remember_inputs(connection, digest if intake.is_complete else "")

    return collect


def observation_assets(declarations: Mapping[str, Declaration]) -> dg.AssetsDefinition:
    """One asset per source, partitioned by reference year: its cells as observations."""
    specs = [
        dg.AssetSpec(
            observation_key(name),
            deps=[raw_key(name), dg.AssetKey(["staging", "stg_cell"])],
            group_name=CLASSIFY,
            description=f"{_title(one)}: labels read as codes, texts as numbers in one unit.",
        )
        for name, one in declarations.items()
    ]
    years = reference_years()
    whole_range = (years.get_first_partition_key(), years.get_last_partition_key())

    @dg.multi_asset(
        name="observe",
        specs=specs,
        can_subset=True,
        partitions_def=years,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WRITER,
    )
    def observe(context: dg.AssetExecutionContext, build: Build) -> Results:
        progress.stage("observe")
        asked = sorted(key.path[-1] for key in context.selected_asset_keys)
        first, last = context.partition_key_range.start, context.partition_key_range.end
        only = None if (first, last) == whole_range else (int(first), int(last))
        with explained():
            meaning = meaning_digest(declared_sources(build.home, build.settings))
            with build.connection() as connection:
                due = plan(connection, meaning, asked, only)
            if due.partitions or due.rebuild:
                refuse_failures(build.transformation.build([PARTITIONED_MODEL], full_refresh=due.rebuild))
            with build.connection() as connection:
                mark_computed(connection, meaning)
                query = "select source, count(*) from intermediate.int_cell group by all"
                rows = dict(connection.execute(query).fetchall())
            for name in asked:
                yield _made(observation_key(name), cells=rows.get(name, 0), recomputed=name in due.sources)

    return observe


def dbt_assets(step: Step, lineage: Lineage) -> dg.AssetsDefinition:
    """One asset per dbt model and seed of a step, with the dbt tests on it as checks."""
    checks = test_checks(lineage, step)

    @dg.multi_asset(name=step, specs=lineage.specs(step), check_specs=checks, can_subset=True, pool=WRITER)
    def build_step(context: dg.AssetExecutionContext, build: Build) -> Results:
        progress.stage(step)
        wanted = lineage.names(step, context.selected_asset_keys)
        with explained():
            if step == "publish":
                prepare_release(build)
            # A register whose columns changed is made anew; dbt would go on filling the table as it was.
            results = build.transformation.build(list(wanted), full_refresh=True)
            yield from test_outcomes(checks, results)
            refuse_failures(results)
            seconds = {result.name: result.seconds for result in results if result.kind != "test"}
            with build.connection() as connection:
                rows = _rows(connection)
            for name, key in wanted.items():
                yield _made(key, seconds=round(seconds[name], 3), **rows.get(key, {}))

    return build_step


def verdict_asset(rules: Sequence[Rule]) -> dg.AssetsDefinition:
    """What the rules find in the observations, each rule a check."""

    @dg.asset(
        key=VERDICT,
        deps=[dg.AssetKey(["intermediate", "int_observation_evidence"])],
        group_name=VALIDATE,
        check_specs=rule_checks(rules),
        description="One row per observation row and rule that failed or could not be evaluated.",
        pool=WRITER,
    )
    def verdict(build: Build) -> Results:
        progress.stage("judge")
        with explained():
            from expectations.verdict import judge  # Great Expectations takes seconds to import

            with build.connection() as connection:
                judgement = judge(connection, build.home.database, rules)
        yield _made(VERDICT)
        yield from rule_outcomes(judgement.counts)

    return verdict


def release_asset(lineage: Lineage) -> dg.AssetsDefinition:
    """The public relations, copied to a file of their own, verified, and made current in one step."""

    @dg.asset(
        key=RELEASE,
        deps=[*lineage.specs("publish"), VERDICT],
        group_name=DISSEMINATE,
        description="One immutable release; the last one stays current when a gate is not passed.",
        pool=WRITER,
    )
    def release(context: dg.AssetExecutionContext, build: Build) -> Results:
        progress.stage("release")
        with explained():
            for code, details in unmatched_decisions(build):
                context.log.warning(progress.told(code, details))
                progress.notice(code, details)
            manifest = publish_release(build, lineage)
        yield _made(RELEASE, release_id=manifest.release_id, **manifest.counts)

    return release


def _title(declaration: Declaration) -> str:
    return f"{declaration.title.en} ({declaration.title.zh})"


def _made(key: dg.AssetKey, **facts: Any) -> dg.MaterializeResult[Any]:
    return dg.MaterializeResult(asset_key=key, metadata=facts)


def _rows(connection: duckdb.DuckDBPyConnection) -> dict[dg.AssetKey, dict[str, int]]:
    """The row count of every table; views are not counted, that would compute them."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    counts = {}
    for schema, table in tables:
        row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
        counts[dg.AssetKey([schema, table])] = {"dagster/row_count": int(row[0]) if row else 0}
    return counts
