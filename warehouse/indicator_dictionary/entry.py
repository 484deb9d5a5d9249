"""What is known of each indicator: its row of the register, and what a release says of it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.home import DBT_PROJECT

REGISTER = DBT_PROJECT / "seeds" / "indicator.csv"

Row = Mapping[str, Any]

TARGETS = """
    select indicator, document, area_type, comparator, printed_value, printed_unit, period_start, target_year, kind,
        commitment, ocr_damaged
    from marts.dim_target
    order by indicator, kind in ('context', 'actual'), document, target_year, area_type, target_id
"""
# Observed figures by source; derived ones have none. Parts of an area that go over the same years stand together.
FIGURES = """
    with figure as (
        select indicator, source, area_type, ref_area, ref_year from marts.fct_observation_vintage where freq = 'A'
        union all
        select indicator, null, area_type, ref_area, ref_year from marts.mart_indicator_value where origin = 'derived'
    ),
    span as (
        select indicator, source, area_type, min(ref_year) as first, max(ref_year) as last,
            list(distinct ref_area order by ref_area) as areas
        from figure group by indicator, source, area_type
    )
    select indicator, source, first, last, len(areas) as area_count,
        any_value(area.name_en) as name_en, any_value(area.name_zh) as name_zh,
        list(area_type order by list_position(['total', 'urban', 'rural'], area_type)) as area_types
    from span
    left join (
        select ref_area, arg_max(name_en, valid_from) as name_en, arg_max(name_zh, valid_from) as name_zh
        from marts.dim_ref_area group by ref_area
    ) as area on span.areas[1] = area.ref_area
    group by indicator, source, first, last, areas
    order by indicator, source nulls last, area_count, first, last, area_types[1] desc
"""
EVENTS = """
    select distinct indicator, ref_year, reason_en as en, reason_zh as zh from marts.dim_series_event
    union
    select distinct indicator, ref_year, reason, reason from marts.dim_series_break
    order by indicator, ref_year
"""
DOCUMENTS = """
    select document, title, publisher, published_on, plan_start, plan_end, name_en, name_zh
    from marts.dim_document
    left join (
        select ref_area, arg_max(name_en, valid_from) as name_en, arg_max(name_zh, valid_from) as name_zh
        from marts.dim_ref_area group by ref_area
    ) using (ref_area)
    order by document
"""
SOURCES = """
    select source, title_en, title_zh, producer, citation from marts.dim_source
    where source in (select source from marts.fct_observation_vintage) order by source
"""


@dataclass(frozen=True)
class Entry:
    """An indicator: its row of the register, and the rows of a release that tell of it."""

    register: Mapping[str, str]
    enters: tuple[str, ...]
    targets: tuple[Row, ...]
    figures: tuple[Row, ...]
    events: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name under which it is stored."""
        return self.register["indicator"]

    @property
    def inputs(self) -> list[str]:
        """The indicators that it is computed from."""
        return self.register["derived_from"].split()

    @property
    def is_derived(self) -> bool:
        """Whether it is computed and not observed."""
        return self.register["kind"] == "derived"

    @property
    def is_policy(self) -> bool:
        """Whether policy documents ask for it and nothing is computed from it or of it."""
        return bool(self.targets) and not self.is_derived and not self.enters


def entries(connection: duckdb.DuckDBPyConnection, file: Path = REGISTER) -> list[Entry]:
    """The indicators of the register, in its order.

    Args:
        connection: a release, opened.
        file: the register.
    """
    with file.open(encoding="utf-8", newline="") as opened:
        register = list(csv.DictReader(opened))
    enters: dict[str, list[str]] = defaultdict(list)
    for row in register:
        for name in row["derived_from"].split():
            enters[name].append(row["indicator"])
    told = [_by_indicator(rows(connection, query)) for query in (TARGETS, FIGURES, EVENTS)]
    return [
        Entry(row, tuple(enters[row["indicator"]]), *(tuple(about[row["indicator"]]) for about in told))
        for row in register
    ]


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """The rows of a query, by column."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _by_indicator(found: Sequence[Row]) -> dict[str, list[Row]]:
    about: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        about[row["indicator"]].append(row)
    return about
