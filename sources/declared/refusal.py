"""What is wrong with a declaration, told by the fields of its `source.yml`."""

import re
from pathlib import Path

from pydantic_core import ErrorDetails

from sources.errors import SourceError

KEY = re.compile(r"[a-z][a-z0-9_]*")
BRANCHES = {"date", "int", "str"}


def refusal(path: Path, problems: list[ErrorDetails]) -> SourceError:
    """One error for all problems of the first kind that occurs, since unknown keys explain missing ones."""
    unknown = [_field(problem) for problem in problems if problem["type"] == "extra_forbidden"]
    if unknown:
        return SourceError("source.unknown_key", file=path, field=", ".join(unknown))
    missing = [_field(problem) for problem in problems if problem["type"] == "missing"]
    if missing:
        return SourceError("source.missing_key", file=path, field=", ".join(missing))
    wrong = [f"{_field(problem)} ({problem['msg'].removeprefix('Value error, ')})" for problem in problems]
    return SourceError("source.wrong_value", file=path, field=", ".join(wrong))


def _field(problem: ErrorDetails) -> str:
    """A field's path as one would write it: `layout.blocks[0].first_row`.

    pydantic puts the kind of a layout and the branch of a choice (`date`, `tuple[…]`) between the keys.
    """
    path = ""
    for position, step in enumerate(problem["loc"]):
        if isinstance(step, int):
            path += f"[{step}]"
        elif not (position == 1 and path == "layout") and KEY.fullmatch(step) and step not in BRANCHES:
            path += f".{step}" if path else step
    return path or "(whole file)"
