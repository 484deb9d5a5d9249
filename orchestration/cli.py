"""The command `tongji`: what people type, and the exit status they get.

Here: options, and which room answers. Not here: the answers, their looks (`presentation.py`), their words
(`messages.yml`). Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

from orchestration.cli_review import review
from orchestration.cli_sources import check, source
from orchestration.errors import DONE, FAILED, project_error
from orchestration.messages import sentence, text
from orchestration.options import declarations_in, form, home_in_force, of_release, output
from orchestration.period import Day, Years
from orchestration.shell import Shell, localise_click
from sources.errors import TongjiError

if TYPE_CHECKING:
    import datetime

    from warehouse.home import Home

localise_click()

TRY = (
    "SELECT ref_area_name, ref_year, urban_rural_income_ratio FROM marts.mart_urban_rural_income"
    " ORDER BY ref_year DESC, urban_rural_income_ratio DESC LIMIT 5"
)
SEVERITY = click.Choice(("error", "warning", "information"))
# How many of the findings that stopped a release are shown at once.
WORST = 5


@click.group(cls=Shell, help=text("help.tongji"), context_settings={"max_content_width": 100})
@click.option("--debug", is_flag=True, help=text("help.debug"))
def tongji(debug: bool) -> None:
    """The group; `--debug` is read where errors are told."""


@tongji.command(help=text("help.refresh"))
@click.option("--source", "sources", multiple=True, metavar="S", help=text("help.source"))
@click.option("--years", type=Years(), metavar="A-B", help=text("help.years"))
def refresh(sources: tuple[str, ...], years: tuple[int, int] | None) -> None:
    """Load, derive, check, release."""
    from orchestration.answers import counts_line, problem_page
    from orchestration.progress import Display
    from orchestration.refresh import refresh as run

    home = home_in_force()
    declarations = declarations_in(home)
    unknown = sorted(set(sources) - set(declarations))
    if unknown:
        known = ", ".join(declarations)
        raise click.BadParameter(
            text("usage.unknown_source", source=", ".join(unknown), known=known), param_hint="--source"
        )
    try:
        with Display() as display:
            outcome = run(home, declarations, display, sources, years)
    except Exception as error:
        _show_worst(home, error)
        raise
    made = outcome.release
    code = "refresh.unchanged" if outcome.unchanged else "refresh.released"
    click.echo(text(code, release=made.release_id, path=home.releases / made.release_id))
    if not outcome.unchanged:
        click.echo(text("refresh.try", query=TRY))
    if made.counts["rejected"]:
        click.echo(text("refresh.rejects", rejects=made.counts["rejected"]))
    page = problem_page(home, made)
    if page:
        click.echo(text("refresh.problems", file=page))
    click.echo(counts_line(made))


@tongji.command(help=text("help.sql"))
@click.argument("query", metavar=text("metavar.query"))
@form
@output
@of_release
@click.option("--as-of", type=Day(), metavar="DATE", help=text("help.as_of"))
def sql(query: str, form: Any, output: Path | None, release: str | None, as_of: datetime.date | None) -> None:
    """A query of a release."""
    from orchestration.answers import ask
    from orchestration.presentation import deliver

    _tell_rest(deliver(ask(home_in_force(), query, release=release, as_of=as_of), form, output))


@tongji.command(help=text("help.flags"))
@click.option("--severity", type=SEVERITY, help=text("help.severity"))
@click.option("--ref-area", metavar="CODE", help=text("help.ref_area"))
@of_release
@form
@output
def flags(
    severity: str | None, ref_area: str | None, release: str | None, form: Any, output: Path | None
) -> None:
    """The open flags."""
    from orchestration.answers import FOR_READING, open_flags
    from orchestration.flag_report import report
    from orchestration.presentation import deliver

    found = open_flags(home_in_force(), severity, ref_area, release)
    if form != "table":
        deliver(found.drop(FOR_READING), form, output)
    elif output:
        output.write_text("\n".join(report(found.to_dicts())) + "\n", encoding="utf-8")
    elif found.is_empty():
        click.echo(text("flags.none"))
    else:
        click.echo("\n".join([*report(found.to_dicts()), text("flags.to_decide")]))


@tongji.command(help=text("help.status"))
def status() -> None:
    """Freshness and counts."""
    from orchestration.answers import standing
    from orchestration.presentation import show, table

    home = home_in_force()
    lines = list(standing(home, declarations_in(home)))
    show(table((), lines))


@tongji.group(help=text("help.releases"), invoke_without_command=True)
@click.pass_context
def releases(context: click.Context) -> None:
    """Releases; listed when nothing else is asked."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@releases.command("list", help=text("help.releases_list"))
def list_() -> None:
    """The releases, the newest first."""
    from orchestration.answers import list_of_releases
    from orchestration.presentation import show, table

    names = ("release", "created_at", "previous", "observations", "flags", "state")
    found = list(list_of_releases(home_in_force()))
    right = (False, False, False, True, True, False)
    show(table([text(f"label.{name}") for name in names], [row for row, _ in found], right))
    for _, problem in found:
        if problem:
            click.echo(sentence(problem), err=True)


@tongji.command(help=text("help.doctor"))
@click.pass_context
def doctor(context: click.Context) -> None:
    """Whether the installation can work."""
    from orchestration.doctor import examine

    sound = True
    for finding in examine(home_in_force()):
        click.echo(f"✗ {finding.part}: {finding.problem}" if finding.problem else f"✓ {finding.part}")
        sound = sound and not finding.problem
    context.exit(DONE if sound else FAILED)


@tongji.command(help=text("help.serve"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help=text("help.port")
)
def serve(port: int) -> None:
    """The web interface and the nightly schedule."""
    from orchestration.serve import serve as become

    home = home_in_force()
    click.echo(text("serve.starting", port=port))
    sys.stdout.flush()
    become(home, port)


tongji.add_command(check)
tongji.add_command(review)
tongji.add_command(source)


def main() -> NoReturn:
    """The console script."""
    sys.exit(tongji.main(prog_name="tongji"))


def _show_worst(home: Home, error: Exception) -> None:
    """What stopped a release for losing too much to quarantine, before the sentence that says so."""
    known = project_error(error)
    if known is None or known.code != "gate.quarantine":
        return
    from orchestration.answers import open_flags
    from orchestration.flag_report import excerpt
    from warehouse.query import CANDIDATE

    with suppress(TongjiError):  # the gate's own sentence matters more
        flags = open_flags(home, "error", release=CANDIDATE).to_dicts()
        names = cast("tuple[str, ...]", known.details["names"])
        stopped = [flag for flag in flags if flag["source"] in names]
        for line in excerpt(stopped, WORST):
            click.echo(line, err=True)


def _tell_rest(left_out: int) -> None:
    if left_out:
        click.echo(text("output.rows_left_out", rows=left_out), err=True)


if __name__ == "__main__":
    main()
