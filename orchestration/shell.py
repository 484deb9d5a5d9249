"""How the command line speaks: errors as one sentence with an exit status, and click's own words in two languages.

Here: what holds for every command. Not here: the commands (`cli.py`).
"""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from orchestration.errors import FAILED, INTERRUPTED, exit_status, project_error
from orchestration.messages import catalogue, language, sentence, text

SPOKEN_BY_CLICK = "click."


class Shell(click.Group):
    """A group of commands that ends with the exit status that the contract names, and never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong is said in one sentence, with the traceback before it under `--debug`."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except BrokenPipeError:
            # Whoever read has enough (`tongji sql … | head`); the interpreter must not complain at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(FAILED)
        except BaseException as error:  # noqa: BLE001 - this is where every error ends
            if ctx.params.get("debug"):
                traceback.print_exc()
            status, told = explained(error)
            click.echo(told, err=True)
            ctx.exit(status)


def explained(error: BaseException) -> tuple[int, str]:
    """The exit status and the sentence for anything that was raised."""
    known = project_error(error)
    if known is not None:
        return exit_status(known), sentence(known)
    if not isinstance(error, Exception) or isinstance(error, click.Abort):
        return INTERRUPTED, text("command.interrupted")
    problem = " ".join(f"{type(error).__name__}: {error}".split())
    return FAILED, text("command.failed", problem=problem)


def localise_click() -> None:
    """Let click speak the language in force: its texts stand in the catalogue, found by their English wording."""
    if language() == "en":
        return
    spoken = {
        known["en"]: known["zh"] for code, known in catalogue().items() if code.startswith(SPOKEN_BY_CLICK)
    }
    translate: Callable[[str], str] = lambda message: spoken.get(message, message)  # noqa: E731
    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.types,
    ):
        if "_" in vars(module):
            vars(module)["_"] = translate
