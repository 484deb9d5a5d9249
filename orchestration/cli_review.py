"""The command `tongji review`: a person's decision on a quality flag.

Here: options, and the words in which the decision is told back. Not here: whether it can be taken (`reviewer.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from orchestration.messages import text
from orchestration.options import home_in_force

if TYPE_CHECKING:
    from expectations.decision import Action
    from orchestration.reviewer import Taken

ACTIONS = ("accept", "correct", "reject", "confirm", "withdraw")
EVIDENCE = click.Path(path_type=Path)
WILL = {"accept": "review.will_accept", "correct": "review.will_correct", "reject": "review.will_reject"}


@click.command(help=text("help.review"))
@click.argument("flag_id", metavar=text("metavar.flag_id"))
@click.argument("action", type=click.Choice(ACTIONS))
@click.option("--value", metavar="V", help=text("help.review_value"))
@click.option("--reason", required=True, metavar="TEXT", help=text("help.review_reason"))
@click.option("--evidence", type=EVIDENCE, metavar="FILE", help=text("help.review_evidence"))
def review(flag_id: str, action: str, value: str | None, reason: str, evidence: Path | None) -> None:
    """A decision on a flag, written to the log; the next refresh applies it."""
    from orchestration.reviewer import Asked, take

    asked = Asked(flag_id.strip().lower(), cast("Action", action), reason, value, evidence)
    for line in told(take(home_in_force(), asked)):
        click.echo(line)


def told(taken: Taken) -> list[str]:
    """What was written, and what the next refresh will do."""
    from orchestration.flag_report import subject
    from orchestration.typed_value import plain

    decision = taken.about.entry.decision
    facts: dict[str, Any] = {
        "decision": taken.entry.decision_id,
        "flag": decision.flag_id,
        "value": plain(float(decision.value.obs_value)),
        "unit": decision.unit_measure,
        "decided": "" if decision.decided_value is None else plain(decision.decided_value),
    }
    value = decision.value
    figure = f"{value.ref_area} {value.time_period} {value.indicator} {value.area_type}"
    if taken.subject:
        figure = f"{taken.subject['ref_area_name']} {subject(taken.subject)}"
    recorded = text("review.recorded", figure=figure, **facts)
    if taken.query_sheet:
        return [recorded, text("review.will_ask", file=taken.query_sheet, **facts)]
    if taken.entry.decision.action == "withdraw":
        return [recorded, text("review.will_undo", **facts)]
    if taken.entry.decision.second_person:
        return [recorded, text("review.will_wait", **facts)]
    return [recorded, text(WILL[decision.action], **facts)]
