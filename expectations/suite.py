"""The rules as a Great Expectations suite over the build database; the only module that knows that library.

Here: how Great Expectations is made to look at DuckDB, and what it counted. Not here: which rows failed (`verdict`):
over SQL its lists of rows stop at twenty, so only its counts are taken.

Great Expectations is imported when the first suite runs, not with this module: it costs seconds (most of them for
scipy, pandas and altair, which it imports whatever is asked of it). It is told of one relation per kind of evidence
with one column a rule, NULL where the rule is not evaluable, because its own row conditions know neither SQL nor
arithmetic, and because all expectations over one relation are computed in a single pass over the evidence.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from expectations.errors import ExpectationError
from expectations.evidence import KINDS
from expectations.outcome import looked_at
from expectations.rule import Rule

_SEVERITY = {"error": "critical", "warning": "warning", "information": "info"}
_NO_LISTS = {"result_format": "BASIC", "partial_unexpected_count": 0}


class _DuckDB(str):
    """The dialect's name in the two forms in which Great Expectations compares it: as text and by its value."""

    __slots__ = ()

    @property
    def value(self) -> str:
        return str(self)


def count_unexpected(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> dict[str, int]:
    """How many rows Great Expectations finds contrary to each rule.

    Args:
        connection: of the build database; a cursor of it is used, which sees what has been committed.
        rules: what to look for.

    Returns:
        The count of unexpected rows by name of rule.

    Raises:
        ExpectationError: the library does not work as pinned, or an expectation raised; no count is left out.
    """
    gx = _library()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "build",
        connection_string="duckdb://",
        create_temp_table=False,
        kwargs={"creator": _shared(connection)},
    )
    results = []
    try:
        for kind, evidence in KINDS.items():
            judging = [rule for rule in rules if rule.judges == kind]
            if judging:
                columns = ", ".join(f"{looked_at(rule)} AS {rule.name}" for rule in judging)
                asset = source.add_query_asset(kind, query=f"SELECT {columns} FROM {evidence.relation}")
                batch = asset.add_batch_definition_whole_table("all").get_batch()
                suite = gx.ExpectationSuite(
                    name=kind, expectations=[_expectation(gx, rule) for rule in judging]
                )
                results.extend(batch.validate(suite, result_format=_NO_LISTS).results)
    finally:
        source.get_execution_engine().close()
    return _counts(rules, results)


def _library() -> Any:
    """Great Expectations, without telemetry and with DuckDB among the dialects whose connection it keeps open.

    Over SQL it reads results after it has closed the connection, save for the dialects of a private tuple. Without
    DuckDB among them every expectation fails with "list index out of range".
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    kept = getattr(engine, "_PERSISTED_CONNECTION_DIALECTS", None)
    if not isinstance(kept, tuple):
        raise ExpectationError(
            "suite.library_changed", version=gx.__version__, missing="_PERSISTED_CONNECTION_DIALECTS"
        )
    if "duckdb" not in kept:
        engine._PERSISTED_CONNECTION_DIALECTS = (*kept, _DuckDB("duckdb"))
    return gx


def _shared(connection: duckdb.DuckDBPyConnection) -> Callable[[], Any]:
    """What opens SQLAlchemy's connection: a cursor, so that one process holds the file under one configuration."""
    from duckdb_sqlalchemy import ConnectionWrapper, CursorWrapper

    # DuckDB counts its objects at exit and prints a page about each that lives on. Great Expectations keeps these two
    # classes alive, and they keep DuckDB's through nothing but the type hints that they were written with.
    for kept in (ConnectionWrapper, CursorWrapper):
        kept.__annotations__.clear()
        kept.__init__.__annotations__.clear()
    return lambda: ConnectionWrapper(connection.cursor())


def _expectation(gx: Any, rule: Rule) -> Any:
    arguments = rule.expect.model_dump(exclude={"type", "column"}, exclude_none=True)
    if "value_set" in arguments:
        arguments["value_set"] = list(arguments["value_set"])
    arguments = {name: value for name, value in arguments.items() if value is not False}
    kind = "".join(word.capitalize() for word in rule.expect.type.split("_"))
    return getattr(gx.expectations, kind)(
        column=rule.name,
        severity=_SEVERITY[rule.severity],
        description=rule.description.en,
        meta={"reason": rule.reason, "reference": rule.reference},
        **arguments,
    )


def _counts(rules: Sequence[Rule], results: Sequence[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for result in results:
        name = result.expectation_config.kwargs["column"]
        # Of no rows at all there is no sum, hence no count.
        count = 0 if result.result.get("element_count") == 0 else result.result.get("unexpected_count")
        if count is None:
            raise ExpectationError("rule.failed", rule=name, problem=_exception(result.exception_info))
        counts[name] = count
    for rule in rules:
        if rule.name not in counts:
            raise ExpectationError(
                "rule.failed", rule=rule.name, problem="Great Expectations returned no result"
            )
    return counts


def _exception(info: dict[str, Any]) -> str:
    """The message in one of the two forms in which Great Expectations tells of an exception."""
    told = info if "exception_message" in info else next(iter(info.values()), {})
    return str(told.get("exception_message") or "no count was returned")
