"""The command `tongji`: what people type, and the exit status they get.

Here: options, and which room answers. Not here: the answers, their looks (`presentation.py`), their words
(`messages.yml`). Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from orchestration.errors import DONE, FAILED
from orchestration.messages import text
from orchestration.presentation import FORMATS
from orchestration.shell import Shell, localise_click
from warehouse.home import Home

if TYPE_CHECKING:
    from sources.declaration import Declaration

localise_click()

TRY = (
    "SELECT ref_area_name, ref_year, urban_rural_income_ratio FROM marts.mart_urban_rural_income"
    " ORDER BY ref_year DESC, urban_rural_income_ratio DESC LIMIT 5"
)
SEVERITY = click.Choice(("error", "warning", "information"))
YEARS = re.compile(r"([12]\d{3})(?:-([12]\d{3}))?")


class Years(click.ParamType[tuple[int, int]]):
    """Reference years, `2015-2020` or one year alone, as a pair with both ends included."""

    name = "years"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """The pair, or a usage error that shows the form."""
        matched = YEARS.fullmatch(value)
        first = int(matched[1]) if matched else 1
        last = int(matched[2] or first) if matched else 0
        newest = datetime.datetime.now(datetime.UTC).year
        if first > last or first > newest:
            self.fail(text("usage.years", years=value, newest=newest), param, ctx)
        return first, last


class Day(click.ParamType[datetime.date]):
    """A day, `2021-06-30`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """The day, or a usage error that shows the form."""
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(text("usage.day", day=value), param, ctx)


form = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help=text("help.format"),
)
output = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help=text("help.output"))


@click.group(cls=Shell, help=text("help.tongji"), context_settings={"max_content_width": 100})
@click.option("--debug", is_flag=True, help=text("help.debug"))
def tongji(debug: bool) -> None:
    """The group; `--debug` is read where errors are told."""


@tongji.command(help=text("help.refresh"))
@click.option("--source", "sources", multiple=True, metavar="S", help=text("help.source"))
@click.option("--years", type=Years(), metavar="A-B", help=text("help.years"))
def refresh(sources: tuple[str, ...], years: tuple[int, int] | None) -> None:
    """Load, derive, check, release."""
    from orchestration.answers import counts_line
    from orchestration.progress import Display
    from orchestration.refresh import refresh as run

    home = _home()
    declarations = _declarations(home)
    unknown = sorted(set(sources) - set(declarations))
    if unknown:
        known = ", ".join(declarations)
        raise click.BadParameter(
            text("usage.unknown_source", source=", ".join(unknown), known=known), param_hint="--source"
        )
    with Display() as display:
        outcome = run(home, declarations, display, sources, years)
    made = outcome.release
    code = "refresh.unchanged" if outcome.unchanged else "refresh.released"
    click.echo(text(code, release=made.release_id, path=home.releases / made.release_id))
    if not outcome.unchanged:
        click.echo(text("refresh.try", query=TRY))
    if made.counts["rejected"]:
        click.echo(text("refresh.rejects", rejects=made.counts["rejected"]))
    click.echo(counts_line(made))


@tongji.command(help=text("help.sql"))
@click.argument("query", metavar=text("metavar.query"))
@form
@output
@click.option("--release", metavar="ID", help=text("help.release"))
@click.option("--as-of", type=Day(), metavar="DATE", help=text("help.as_of"))
def sql(query: str, form: Any, output: Path | None, release: str | None, as_of: datetime.date | None) -> None:
    """A query of a release."""
    from orchestration.answers import ask
    from orchestration.presentation import deliver

    _tell_rest(deliver(ask(_home(), query, release=release, as_of=as_of), form, output))


@tongji.command(help=text("help.flags"))
@click.option("--severity", type=SEVERITY, help=text("help.severity"))
@click.option("--ref-area", metavar="CODE", help=text("help.ref_area"))
@form
@output
def flags(severity: str | None, ref_area: str | None, form: Any, output: Path | None) -> None:
    """The open flags."""
    from orchestration.answers import open_flags
    from orchestration.flag_report import report
    from orchestration.presentation import deliver

    found = open_flags(_home(), severity, ref_area)
    if form != "table":
        deliver(found, form, output)
    elif output:
        output.write_text("\n".join(report(found.to_dicts())) + "\n", encoding="utf-8")
    else:
        click.echo("\n".join(report(found.to_dicts())) or text("flags.none"))


@tongji.command(help=text("help.status"))
def status() -> None:
    """Freshness and counts."""
    from orchestration.answers import standing
    from orchestration.presentation import show, table

    home = _home()
    lines = list(standing(home, _declarations(home)))
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
    from orchestration.presentation import show, table
    from warehouse.manifest import current, list_releases

    home = _home()
    in_force = current(home)
    names = ("release", "created_at", "previous", "observations", "flags", "state")
    rows = [
        (
            one.release_id,
            one.created_at,
            one.previous_release_id,
            f"{one.counts['observations']:,}",
            f"{sum(count for name, count in one.counts.items() if name.startswith('flags_')):,}",
            text("release.in_force") if in_force and in_force.release_id == one.release_id else "",
        )
        for one in list_releases(home)
    ]
    right = (False, False, False, True, True, False)
    show(table([text(f"label.{name}") for name in names], rows, right))


@tongji.command(help=text("help.doctor"))
@click.pass_context
def doctor(context: click.Context) -> None:
    """Whether the installation can work."""
    from orchestration.doctor import examine

    sound = True
    for finding in examine(_home()):
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

    home = _home()
    click.echo(text("serve.starting", port=port))
    sys.stdout.flush()
    become(home, port)


def main() -> NoReturn:
    """The console script."""
    sys.exit(tongji.main(prog_name="tongji"))


def _home() -> Home:
    return Home.from_environment()


def _declarations(home: Home) -> Mapping[str, Declaration]:
    from warehouse.collection import declared_sources
    from warehouse.settings import load_settings

    return declared_sources(home, load_settings(home))


def _tell_rest(left_out: int) -> None:
    if left_out:
        click.echo(text("output.rows_left_out", rows=left_out), err=True)


if __name__ == "__main__":
    main()
