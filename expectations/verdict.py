"""The verdict of every rule on every observation, written to the schema `quality`.

Here: what is written and that it is complete. Failing and not evaluable rows are stored, passes are counted by rule,
source and year. Two counts of the failures, ours and that of Great Expectations, must agree, or nothing is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations import evidence, finding, suite
from expectations.errors import ExpectationError
from expectations.finding import EXPLAINED
from expectations.outcome import FAIL, NOT_EVALUABLE, NOT_IN_SCOPE, PASS, outcome
from expectations.rule import Rule, Severity

_TABLES = """
CREATE SCHEMA IF NOT EXISTS quality;
CREATE OR REPLACE TABLE quality.verdict (
    cell_id BIGINT, rule VARCHAR, outcome VARCHAR, severity VARCHAR, expected_low DOUBLE, expected_high DOUBLE,
    suggested_value DOUBLE, diagnosis VARCHAR, confidence VARCHAR, message_en VARCHAR, message_zh VARCHAR
);
CREATE OR REPLACE TABLE quality.rule_count (
    rule VARCHAR, source VARCHAR, ref_year INTEGER, passed BIGINT, failed BIGINT, not_evaluable BIGINT,
    not_in_scope BIGINT
);
CREATE OR REPLACE TABLE quality.rule (
    rule VARCHAR, severity VARCHAR, description_en VARCHAR, description_zh VARCHAR, reason VARCHAR, reference VARCHAR,
    validation_level INTEGER, catalogue VARCHAR, measure VARCHAR, parameters VARCHAR, scope VARCHAR
);
CREATE OR REPLACE TABLE quality.rendered (page VARCHAR, rule VARCHAR, html VARCHAR);
"""

Report = Callable[[int, int, str], None]
"""Told after each rule: how many are done, of how many, and its name."""


def _silent(_done: int, _total: int, _rule: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class RuleCount:
    """What became of the observations under one rule.

    Attributes:
        severity: of a failure that no declared event explains.
        failed: the explained ones among them.
        explained: how many of the failed a declared event explains, which makes them information.
    """

    rule: str
    severity: Severity
    passed: int
    failed: int
    not_evaluable: int
    not_in_scope: int
    explained: int

    def failed_as(self, severity: Severity) -> int:
        """How many verdicts of this severity failed."""
        own = self.failed - self.explained if severity == self.severity else 0
        return own + (self.explained if severity == EXPLAINED else 0)


@dataclass(frozen=True)
class Judgement:
    """The outcome of all rules, one count a rule."""

    counts: tuple[RuleCount, ...]

    def failed(self, severity: Severity) -> int:
        """How many verdicts of this severity failed; an observation counts once for each rule that it breaks."""
        return sum(count.failed_as(severity) for count in self.counts)


def judge(
    connection: duckdb.DuckDBPyConnection,
    database: Path,
    rules: Sequence[Rule],
    report: Report = _silent,
) -> Judgement:
    """Carries out the rules on the evidence and replaces the tables of `quality`, in one transaction.

    Args:
        connection: of the build database, read-write, outside a transaction.
        database: the file that `connection` has open, named in errors.
        rules: what to carry out.
        report: told of progress.

    Raises:
        ExpectationError: the evidence lacks something, a rule raised, or the two counts of a rule's failures differ.
            The tables are then as they were.
    """
    for kind in {rule.judges for rule in rules}:
        _check_evidence(connection, database, evidence.KINDS[kind])
    connection.begin()
    try:
        counts = write_verdicts(connection, rules, report)
        validations = suite.validate(connection, rules)
        _compare(counts, suite.count_unexpected(rules, validations), database)
        _keep_rendered(connection, validations)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    _read_back(connection, counts, database)
    return Judgement(tuple(counts))


def write_verdicts(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], report: Report = _silent
) -> list[RuleCount]:
    """Replaces the tables of `quality` by what the rules find, in the transaction of the caller."""
    connection.execute(_TABLES)
    counts = []
    for done, rule in enumerate(rules, start=1):
        counts.append(_carry_out(connection, rule))
        report(done, len(rules), rule.name)
    return counts


def _check_evidence(connection: duckdb.DuckDBPyConnection, database: Path, asked: evidence.Evidence) -> None:
    try:
        found = {row[0] for row in connection.execute(f"DESCRIBE {asked.relation}").fetchall()}
    except duckdb.CatalogException as error:
        raise ExpectationError("evidence.missing", relation=asked.relation, database=database) from error
    missing = [column for column in asked.columns if column not in found]
    if missing:
        raise ExpectationError(
            "evidence.missing_column",
            columns=", ".join(missing),
            relation=asked.relation,
            database=database,
        )


def _carry_out(connection: duckdb.DuckDBPyConnection, rule: Rule) -> RuleCount:
    """Writes the counts and the verdicts of a rule.

    Verdicts are inserted only where there are any, and not only to save a pass over the evidence: in DuckDB 2.0.0 an
    insert of no row makes the rows of a following large insert of the same transaction invisible.
    """
    try:
        connection.execute(
            "INSERT INTO quality.rule VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _registry(rule)
        )
        connection.execute(_counted(rule))
        totals = connection.execute(
            """SELECT coalesce(sum(passed), 0), coalesce(sum(failed), 0), coalesce(sum(not_evaluable), 0),
                coalesce(sum(not_in_scope), 0) FROM quality.rule_count WHERE rule = ?""",
            [rule.name],
        ).fetchone()
        passed, failed, not_evaluable, not_in_scope = (int(total) for total in totals or ())
        if failed:
            connection.execute(finding.failing(rule))
        if not_evaluable:
            connection.execute(finding.not_evaluable(rule))
        explained = connection.execute(
            "SELECT count(*) FROM quality.verdict WHERE rule = ? AND severity <> ?",
            [rule.name, rule.severity],
        ).fetchone()
    except duckdb.Error as error:
        raise ExpectationError(
            "rule.failed", rule=rule.name, problem=str(error).partition("\n")[0]
        ) from error
    numbers = (passed, failed, not_evaluable, not_in_scope, *(explained or ()))
    return RuleCount(rule.name, rule.severity, *numbers)


def _compare(counts: Sequence[RuleCount], unexpected: dict[str, int], database: Path) -> None:
    for count in counts:
        ours, theirs = count.failed, unexpected[count.rule]
        if ours != theirs:
            raise ExpectationError(
                "rule.counts_differ", rule=count.rule, ours=ours, theirs=theirs, database=database
            )


def _keep_rendered(connection: duckdb.DuckDBPyConnection, validations: Sequence[suite.Validation]) -> None:
    """Keeps the words beside the verdicts that they are about, so that a release never shows those of another run."""
    connection.executemany("INSERT INTO quality.rendered VALUES (?, ?, ?)", list(suite.render(validations)))


def _read_back(connection: duckdb.DuckDBPyConnection, counts: Sequence[RuleCount], database: Path) -> None:
    """Whoever reads the verdicts next must see as many as were counted; one that is lost would let a number pass."""
    query = "SELECT rule, outcome, count(*) FROM quality.verdict GROUP BY rule, outcome"
    read = {(rule, outcome): rows for rule, outcome, rows in connection.execute(query).fetchall()}
    for count in counts:
        for wanted, counted in ((FAIL, count.failed), (NOT_EVALUABLE, count.not_evaluable)):
            found = read.get((count.rule, wanted), 0)
            if found != counted:
                raise ExpectationError(
                    "verdict.incomplete", rule=count.rule, counted=counted, found=found, database=database
                )


def _registry(rule: Rule) -> list[object]:
    words = rule.description
    about = [rule.name, rule.severity, words.en, words.zh, rule.reason, rule.reference, rule.validation_level]
    return [*about, " ".join(rule.catalogue) or None, rule.measured, rule.parameters, rule.where]


def _counted(rule: Rule) -> str:
    outcomes = (PASS, FAIL, NOT_EVALUABLE, NOT_IN_SCOPE)
    counts = ", ".join(f"count(*) FILTER (WHERE outcome = '{name}')" for name in outcomes)
    return f"""INSERT INTO quality.rule_count
        SELECT '{rule.name}', source, ref_year, {counts}
        FROM (SELECT source, ref_year, {outcome(rule)} AS outcome FROM {rule.evidence.relation})
        GROUP BY source, ref_year"""
