"""The rules as a Great Expectations suite over the build database; the only module that knows that library.

Here: how Great Expectations is made to look at DuckDB, what it counted, and how it words that for its site. Not here:
which rows failed (`verdict`): over SQL its lists of rows stop at twenty, so only its counts are taken. Nor the pages of
the site (`orchestration/quality_site.py`): its own load styles and scripts from other hosts.

Great Expectations is imported when the first suite runs, not with this module: it costs seconds (most of them for
scipy, pandas and altair, which it imports whatever is asked of it). It is told of one relation per kind of evidence
with one column a rule, NULL where the rule is not evaluable, because its own row conditions know neither SQL nor
arithmetic, and because all expectations over one relation are computed in a single pass over the evidence.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb

from expectations.errors import ExpectationError
from expectations.evidence import KINDS
from expectations.outcome import looked_at
from expectations.rule import Rule

_SEVERITY = {"error": "critical", "warning": "warning", "information": "info"}
_NO_LISTS = {"result_format": "BASIC", "partial_unexpected_count": 0}
# Of what Great Expectations renders: its headings repeat the rule, and what it folds away is the query of all rules.
_LEFT_OUT = ("header", "collapse")
_OVERVIEW = "Overview"
# Its ids count from one in every section, and a page holds many.
_COUNTED_ID = re.compile(r' id="[^"]*"|\s+(?=\n)')


class _DuckDB(str):
    """The dialect's name in the two forms in which Great Expectations compares it: as text and by its value."""

    __slots__ = ()

    @property
    def value(self) -> str:
        return str(self)


class Validation(NamedTuple):
    """A suite and what came of it, in the classes of Great Expectations."""

    suite: Any
    result: Any


class Rendered(NamedTuple):
    """What Great Expectations says about a rule, or about all of them where `rule` is None.

    Attributes:
        page: `suite` for what is asked, `validation` for what was found.
        html: a fragment; it holds nothing but words of the library, names of rules, bounds and counts.
    """

    page: str
    rule: str | None
    html: str


def validate(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[Validation]:
    """Has Great Expectations look at the evidence, one validation for each kind of it.

    Args:
        connection: of the build database; a cursor of it is used, which sees what has been committed.
        rules: what to look for.

    Raises:
        ExpectationError: the library does not work as pinned.
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
    validations = []
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
                validations.append(Validation(suite, batch.validate(suite, result_format=_NO_LISTS)))
    finally:
        source.get_execution_engine().close()
    return validations


def count_unexpected(rules: Sequence[Rule], validations: Sequence[Validation]) -> dict[str, int]:
    """How many rows Great Expectations found contrary to each rule.

    Returns:
        The count of unexpected rows by name of rule.

    Raises:
        ExpectationError: an expectation raised; no count is left out.
    """
    counts: dict[str, int] = {}
    for result in (result for validation in validations for result in validation.result.results):
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


def render(validations: Sequence[Validation]) -> Iterator[Rendered]:
    """What Great Expectations says about suite and result, rule by rule, as its own renderers put it."""
    from great_expectations.render.renderer.page_renderer import (
        ExpectationSuitePageRenderer,
        ValidationResultsPageRenderer,
    )
    from great_expectations.render.view.view import DefaultJinjaSectionView

    view: Any = DefaultJinjaSectionView()
    documents: list[tuple[str, Any, Any]] = [
        document
        for validation in validations
        for document in (
            ("suite", ExpectationSuitePageRenderer(), validation.suite),
            ("validation", ValidationResultsPageRenderer(), validation.result),
        )
    ]
    for page, renderer, subject in documents:
        for section in renderer.render(subject).to_json_dict()["sections"]:
            name = section["section_name"]
            said = [one for one in section["content_blocks"] if one["content_block_type"] not in _LEFT_OUT]
            html = view.render({"section": section | {"content_blocks": said}, "section_loop": {}})
            yield Rendered(page, None if name == _OVERVIEW else name, _COUNTED_ID.sub("", html))


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
    """The rule in the library's terms; a description would stand in place of its sentence that says what is asked."""
    arguments = rule.expect.model_dump(exclude={"type", "column"}, exclude_none=True)
    if "value_set" in arguments:
        arguments["value_set"] = list(arguments["value_set"])
    arguments = {name: value for name, value in arguments.items() if value is not False}
    kind = "".join(word.capitalize() for word in rule.expect.type.split("_"))
    return getattr(gx.expectations, kind)(
        column=rule.name,
        severity=_SEVERITY[rule.severity],
        meta={"reason": rule.reason, "reference": rule.reference},
        **arguments,
    )


def _exception(info: dict[str, Any]) -> str:
    """The message in one of the two forms in which Great Expectations tells of an exception."""
    told = info if "exception_message" in info else next(iter(info.values()), {})
    return str(told.get("exception_message") or "no count was returned")
