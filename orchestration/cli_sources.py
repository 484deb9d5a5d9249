"""The commands about files and sources before they are loaded: `tongji check` and `tongji source`.

Here: options, and which module answers. Not here: the other commands (`cli.py`).
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import click

from orchestration.errors import DONE, FAILED
from orchestration.messages import sentence, text
from orchestration.options import declarations_in, home_in_force, output

FILE = click.Path(exists=True, dir_okay=False, readable=False, path_type=Path)
FILE.name = text("metavar.file")  # click names it when it is made, before it speaks the language in force


@click.command(help=text("help.check"))
@click.argument("file", type=FILE, metavar=text("metavar.file"))
@click.option("--source", metavar="S", help=text("help.check_source"))
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "csv", "json")),
    default="table",
    show_default=True,
    help=text("help.format"),
)
@output
@click.pass_context
def check(context: click.Context, file: Path, source: str | None, form: str, output: Path | None) -> None:
    """The same reading and rules on one file, nothing loaded."""
    from orchestration import check_report, register_check
    from orchestration.check import UnknownSourceError
    from orchestration.check import check as run
    from orchestration.progress import CHECKING, Display

    home = home_in_force()
    held = register_check.hold(home, file) if source is None else None
    if held:
        _tell(register_check, held, form, output)
        context.exit(FAILED if held.problems else DONE)
    declarations = declarations_in(home)
    if source is not None and source not in declarations:
        known = ", ".join(declarations)
        raise click.BadParameter(
            text("usage.unknown_source", source=source, known=known), param_hint="--source"
        )
    try:
        with Display(CHECKING) as display:
            checked = run(home, declarations, file, source, display)
    except UnknownSourceError as error:
        raise click.UsageError(sentence(error)) from error
    _tell(check_report, checked, form, output)
    context.exit(DONE if checked.is_clean else FAILED)


def _tell(report: ModuleType, answer: object, form: str, output: Path | None) -> None:
    """An answer in the form that was asked for, as the module that reports such answers has it."""
    from orchestration.presentation import deliver, tell

    if form == "csv":
        deliver(report.table(answer), "csv", output)
    else:
        told = [report.document(answer)] if form == "json" else list(report.lines(answer))
        tell(told, output, fold=form == "table")


@click.group(help=text("help.source_group"))
def source() -> None:
    """Sources of the bureau's own."""


@source.command(help=text("help.source_new"))
@click.argument("name", metavar=text("metavar.name"))
@click.argument("file", type=FILE, metavar=text("metavar.file"))
def new(name: str, file: Path) -> None:
    """A draft of a `source.yml` from a file, and what it makes of the file."""
    from orchestration.presentation import tell
    from orchestration.source_draft import new_source, told

    home = home_in_force()
    tell(list(told(new_source(home, declarations_in(home), name, file))), None)
