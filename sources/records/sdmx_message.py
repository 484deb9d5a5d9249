"""A data message of SDMX as its reader hands it on: one row per observation, one column per concept, nothing judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from sources.cell import Reject

ROW, STRUCTURE, ACTION = ":row", ":structure", ":action"
"""Columns that are no concepts, since no concept is named with a colon."""


@dataclass(frozen=True)
class Message:
    """The observations of a message, whatever its format.

    Attributes:
        observations: `ROW` (where the observation stands), `STRUCTURE` (AGENCY:ID(VERSION)), `ACTION` (a letter or
            null), and the texts of each concept under its id, null where nothing stands.
        columns: the number of the column in which each measure stands; 1 for those that are not named.
        address: how the place of a value is spelled, as in `Reading`.
        rejects: rows that could not be read.
        dimensions: the concepts that make up keys; where a format does not tell them from attributes, these too.
    """

    observations: pl.DataFrame
    columns: Mapping[str, int] = field(default_factory=dict)
    address: str = "A1"
    rejects: tuple[Reject, ...] = ()
    dimensions: frozenset[str] = frozenset()

    @property
    def concepts(self) -> list[str]:
        """The concepts of the message in its order."""
        return [name for name in self.observations.columns if name not in (ROW, STRUCTURE, ACTION)]


def frame_of(rows: list[dict[str, str | int | None]]) -> pl.DataFrame:
    """Observations as a frame; a concept that only some of them state is null in the others."""
    kinds = dict.fromkeys((name for row in rows for name in row), pl.String) | {ROW: pl.UInt32}
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=kinds[name]) for name in kinds}
    )
