"""Checking one file that adds to a register of policy: what a refresh would say of it, without one.

Here: which files are such, and the answer in words. Not here: what is asked of their rows (`warehouse/policy/`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.messages import sentence, text
from orchestration.presentation import printable
from sources.errors import TongjiError
from warehouse.collection import sources_in_force
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.policy.registers import check_register
from warehouse.policy.supplement import check_name, is_workbook_of_a_register, register_of
from warehouse.settings import load_settings

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Held:
    """What holding a file to the registers came to.

    Attributes:
        file: the file.
        register: the register that it adds to.
        rows: how many rows it adds; 0 where it would be refused.
        problems: what is wrong with it.
        place: where to put it, so that a refresh reads it; None where it lies there.
    """

    file: Path
    register: str
    rows: int
    problems: tuple[TongjiError, ...] = ()
    place: Path | None = None


def hold(home: Home, file: Path) -> Held | None:
    """Holds a file to the registers; None where it adds to none of them, as nothing in the inbox does.

    Raises:
        WarehouseError: `register.misnamed_file` and the like for a file under `registers/` that is not read there, and
            `register.workbook` for one elsewhere.
    """
    where = file.resolve()
    if home.inbox.resolve() in where.parents:
        return None
    if where.parent == home.registers.resolve() or is_workbook_of_a_register(file):
        check_name(file)
    register = register_of(file)
    if register is None:
        return None
    declarations = sources_in_force(home, load_settings(home))
    try:
        rows = check_register(home, declarations, file, register)
    except WarehouseError as error:
        # What is wrong with another file is told with its name.
        problems = error.details.get("problems", (error,)) if error.details["file"] == file else (error,)
        return Held(file, register, 0, problems)  # type: ignore[arg-type]
    place = home.registers / f"{register}.csv"
    return Held(file, register, rows, place=None if where == place.resolve() else place)


def lines(held: Held) -> Iterator[str]:
    """The answer, a line for each sentence."""
    told = {"file": printable(held.file.name), "register": held.register, "rows": f"{held.rows:,}"}
    yield text("check.register_refused" if held.problems else "check.register_clean", **told)
    yield from (f"    {sentence(one)}" for one in held.problems)
    if held.place:
        yield text("check.register_place", folder=printable(str(held.place.parent)), name=held.place.name)


def table(held: Held) -> pl.DataFrame:
    """One row for each sentence."""
    import polars as pl

    return pl.DataFrame(_findings(held), schema=dict.fromkeys(("rule", "row", "message"), pl.String))


def document(held: Held) -> str:
    """The answer as JSON."""
    content = {
        "file": str(held.file),
        "register": held.register,
        "clean": not held.problems,
        "rows": held.rows,
        "findings": _findings(held),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _findings(held: Held) -> list[dict[str, Any]]:
    return [
        {"rule": one.code, "row": str(one.details.get("row", "")), "message": sentence(one)}
        for one in held.problems
    ]
