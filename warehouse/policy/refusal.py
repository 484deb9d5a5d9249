"""All that is wrong with the rows of a register, said at once: the same mistake in several rows only once.

Here: also what every register asks of an id and of an area. Not here: what one of them asks for itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from sources.errors import TongjiError
from warehouse.errors import WarehouseError
from warehouse.policy.names import Names

Problem = tuple[str, dict[str, object]]
"""What is wrong with a row: the code of a message, and its details but for the row."""

# As many rows as are named of one mistake.
ROWS_NAMED = 10


def refuse(file: object, found: Iterable[tuple[int, Problem]]) -> None:
    """Refuses a file for what was found in its rows; nothing found, nothing happens.

    Args:
        file: the file, for the message.
        found: what is wrong, each with the number of its row.

    Raises:
        WarehouseError: `register.refused`.
    """
    rows: dict[str, tuple[Problem, list[int]]] = {}
    for number, (code, told) in found:
        _, numbers = rows.setdefault(str((code, told)), ((code, told), []))
        numbers.append(number)
    problems = [WarehouseError(code, row=_named(numbers), **told) for (code, told), numbers in rows.values()]
    if problems:
        raise WarehouseError("register.refused", file=file, problems=tuple[TongjiError, ...](problems))


def id_problem(column: str, name: str, seen: Container[str]) -> Iterator[Problem]:
    """What is wrong with the id of a row, if anything is."""
    if not name:
        yield "target.no_id", {"column": column}
    elif name in seen:
        yield "target.id_taken", {"column": column, "name": name}


def area_problem(name: str, areas: Names) -> Iterator[Problem]:
    """What is wrong with an area that should have been a code by now, if anything is."""
    meant, near = areas.meant(name), [] if name in areas.codes else areas.near(name)
    if len(meant) > 1:
        yield "target.several_areas", {"name": name, "known": areas.told(meant)}
    elif not meant and near:
        yield "target.near_area", {"name": name, "known": areas.told(near)}
    elif not meant:
        yield "target.unknown_area", {"name": name}


def _named(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:ROWS_NAMED]))
    return f"{named} …" if len(numbers) > ROWS_NAMED else named
