"""Checks from metadata: one per dbt test and one per rule, each kind from one factory.

Here: what the web interface shows of a check. Not here: carrying a check out (dbt, `expectations/`), nor what a
failed one means for a release (`assets.py`, the gate in `warehouse/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from expectations.rule import Rule
from orchestration.lineage import VERDICT, Lineage, Step
from orchestration.transformation import NodeResult

if TYPE_CHECKING:
    from expectations.verdict import RuleCount

PASSED = ("pass", "success")


def test_checks(lineage: Lineage, step: Step) -> list[dg.AssetCheckSpec]:
    """One check per dbt test on an asset of the step."""
    made = set(lineage.nodes(step))
    return [
        dg.AssetCheckSpec(test["name"], asset=lineage.key(node), description=test["description"] or None)
        for test in lineage.manifest["nodes"].values()
        if test["resource_type"] == "test" and (node := _tested(test)) in made
    ]


def test_outcomes(
    specs: Iterable[dg.AssetCheckSpec], results: Sequence[NodeResult]
) -> Iterator[dg.AssetCheckResult]:
    """What became of those tests of `specs` that ran."""
    known = {spec.name: spec for spec in specs}
    for result in results:
        spec = known.get(result.name)
        if result.kind == "test" and spec and result.status != "skipped":
            yield dg.AssetCheckResult(
                passed=result.status in PASSED,
                asset_key=spec.asset_key,
                check_name=spec.name,
                severity=_severity(result.status == "warn"),
                metadata={"failing_rows": result.failures, "seconds": round(result.seconds, 3)},
            )


def rule_checks(rules: Iterable[Rule]) -> list[dg.AssetCheckSpec]:
    """One check per rule on the verdicts."""
    return [
        dg.AssetCheckSpec(
            rule.name,
            asset=VERDICT,
            description=f"{rule.description.en} ({rule.description.zh}) {rule.reason} {rule.reference}",
        )
        for rule in rules
    ]


def rule_outcomes(counts: Iterable[RuleCount]) -> Iterator[dg.AssetCheckResult]:
    """What each rule found: a failed check has rows to look at, and stops nothing."""
    for count in counts:
        yield dg.AssetCheckResult(
            passed=count.failed == 0,
            asset_key=VERDICT,
            check_name=count.rule,
            severity=_severity(count.failed_as("error") == 0),
            metadata={
                "passed": count.passed,
                "failed": count.failed,
                "explained_by_event": count.explained,
                "not_evaluable": count.not_evaluable,
                "not_in_scope": count.not_in_scope,
            },
        )


def _tested(test: dict[str, object]) -> str:
    """The node that a dbt test is about: the one it is attached to, else the last one it reads."""
    attached = test.get("attached_node")
    if attached:
        return str(attached)
    nodes = test["depends_on"]["nodes"]  # type: ignore[index]
    return str(nodes[-1]) if nodes else ""


def _severity(only_a_warning: bool) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.WARN if only_a_warning else dg.AssetCheckSeverity.ERROR
