"""What several commands share: options, and the home and the sources that they are about.

Here: what is not of one command. Not here: the commands (`cli.py`, `cli_sources.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.messages import text
from orchestration.presentation import FORMATS
from warehouse.home import Home

if TYPE_CHECKING:
    from sources.declared.source import Declaration

form = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help=text("help.format"),
)
of_release = click.option("--release", metavar="ID|candidate", help=text("help.release"))
output = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help=text("help.output"))


def home_in_force() -> Home:
    """The home that the environment names."""
    return Home.from_environment()


def declarations_in(home: Home) -> Mapping[str, Declaration]:
    """The sources in force there."""
    from warehouse.collection import declared_sources
    from warehouse.settings import load_settings

    return declared_sources(home, load_settings(home))
