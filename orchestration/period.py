"""Periods as people type them: reference years, and a day to look back to.

Here: reading them, and saying how to write them. Not here: which partitions there are (`assets.py`).
"""

from __future__ import annotations

import datetime
import re
from typing import Any

import click

from orchestration.messages import text

# The first year that yearly statistics can be about.
FIRST_YEAR = 1949
YEARS = re.compile(r"([12]\d{3})(?:-([12]\d{3}))?")


class Years(click.ParamType[tuple[int, int]]):
    """Reference years, `2015-2020` or one year alone, as a pair with both ends included."""

    name = "years"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """The pair, or a usage error that shows the form and names the years there can be."""
        matched = YEARS.fullmatch(value)
        first = int(matched[1]) if matched else 1
        last = int(matched[2] or first) if matched else 0
        newest = datetime.datetime.now(datetime.UTC).year
        if first > last or first > newest or last < FIRST_YEAR:
            told = text("usage.years", years=value, oldest=FIRST_YEAR, newest=newest)
            self.fail(told, param, ctx)
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
