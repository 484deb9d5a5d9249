"""What one file brought into the candidate: what of it was rejected, flagged, quarantined, and what came into force.

Here: questions about one file, asked of the build database. Not here: how answers look (the
command line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.manifest import DATABASE, current_id

Row = dict[str, Any]

KEY = "ref_area, freq, time_period, accumulation, indicator, area_type"
OUTCOMES = ("new", "changed", "unchanged", "outranked", "quarantined")

# One row per value of the file: its place, what it is about, and what would become of it.
VALUES = f"""
create temp table contribution as
with own as (
    select
        observation.cell_id, evidence.sheet_name as sheet, evidence.cell, evidence.raw_text, evidence.file_name,
        cell.sheet_no, cell.row_no, cell.col_no, evidence.ref_area, evidence.freq, evidence.time_period,
        evidence.accumulation, evidence.indicator, evidence.area_type, evidence.ref_area_name, evidence.source,
        evidence.definition, evidence.vintage, evidence.revision_no, evidence.obs_value
    from intermediate.int_observation_evidence as evidence
    inner join intermediate.int_observation as observation using (cell_id)
    inner join intermediate.int_cell as cell on observation.cell_id = cell.cell_id
    where observation.file_id = (select max(file_id) from raw.file where sha256 = $sha256 and source = $source)
),
in_force as (
    select {KEY}, source, definition, vintage, revision_no
    from marts.fct_observation_vintage where known_to is null
),
refused as (
    select distinct verdict.cell_id
    from quality.verdict as verdict
    inner join intermediate.int_observation as observation on verdict.cell_id = observation.cell_id
    where
        verdict.outcome = 'fail' and verdict.severity = 'error'
        and observation.review_outcome is distinct from 'accept'
)
select
    own.*, before.obs_value as previous_value,
    case
        when own.cell_id in (from refused) then 'quarantined'
        when in_force.source is null then 'outranked'
        when before.obs_value is null then 'new'
        when before.obs_value = own.obs_value then 'unchanged'
        else 'changed'
    end as outcome
from own
left join in_force using ({KEY}, source, definition, vintage, revision_no)
left join before using ({KEY})
"""

# A flag is about a value, wherever it is repeated, or about a text that is no number; here it is shown where this file
# has it.
FLAGS = """
with place as (
    select * from contribution
    union all by name
    select * exclude (sheet_name), sheet_name as sheet, cast(null as double) as obs_value
    from intermediate.int_unreadable_evidence
    where file_id = (select max(file_id) from raw.file where sha256 = $sha256 and source = $source)
)
select
    flag.* replace (own.file_name as file_name, own.sheet as sheet, own.cell as cell, own.raw_text as raw_text),
    indicator.name_en as indicator_name_en, indicator.name_zh as indicator_name_zh,
    max(expected_low) over value as plausible_low, min(expected_high) over value as plausible_high,
    own.sheet_no, own.row_no, own.col_no
from marts.mart_quality_flag as flag
inner join place as own
    on
        flag.ref_area = own.ref_area and flag.freq = own.freq and flag.time_period = own.time_period
        and flag.accumulation = own.accumulation and flag.indicator = own.indicator
        and flag.area_type = own.area_type and flag.source = own.source
        and flag.definition is not distinct from own.definition
        and coalesce(flag.obs_value::varchar, flag.raw_text) = coalesce(own.obs_value::varchar, own.raw_text)
inner join marts.dim_indicator as indicator on flag.indicator = indicator.indicator
where flag.disposition in ('open', 'pending', 'queried')
window value as (partition by own.cell_id)
order by
    own.sheet_no, own.row_no, own.col_no, list_position(['error', 'warning', 'information'], severity), flag_id
"""


@dataclass(frozen=True)
class Contribution:
    """What one file would do.

    Attributes:
        rejects: rows of `mart_reject` about it, by place.
        flags: its open flags as rows of `mart_quality_flag` with the file's own cells, by place, with `plausible_low`,
            `plausible_high` and the indicator's names beside.
        changes: values that would replace another in force, by place: `previous_value` and `obs_value`.
        missing: observations that its source must hold and would still lack.
        counts: cells read, marks of missing figures, values by what becomes of them (`OUTCOMES`), and those that a
            decision keeps out.
    """

    rejects: Sequence[Row]
    flags: Sequence[Row]
    changes: Sequence[Row]
    missing: Sequence[Row]
    counts: dict[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was rejected or flagged."""
        return not self.rejects and not self.flags


def contribution(connection: duckdb.DuckDBPyConnection, home: Home, source: str, sha256: str) -> Contribution:
    """What the file of that digest brought, held against the release in force.

    Args:
        connection: the build database in which it was judged.
        home: where releases lie.
        source: the source that sent it.
        sha256: of its bytes.
    """
    own = {"source": source, "sha256": sha256}
    _remember_release(connection, home)
    connection.execute(VALUES, own)
    rejects = _rows(
        connection,
        "select * from marts.mart_reject where source = $source and file_sha256 = $sha256"
        " qualify received_at = max(received_at) over ()"
        " order by sheet, row_no, length(cell), cell, reason",
        own,
    )
    cells, marks = connection.execute(
        "select count(*), count(*) filter (is_missing) from intermediate.int_cell as cell"
        " where file_id = (select max(file_id) from raw.file where sha256 = $sha256 and source = $source)",
        own,
    ).fetchone() or (0, 0)
    (refused,) = connection.execute(
        "select count(*) from intermediate.int_reviewed_cell as reviewed"
        " inner join intermediate.int_cell as cell on reviewed.cell_id = cell.cell_id"
        " where reviewed.outcome = 'reject'"
        " and cell.file_id = (select max(file_id) from raw.file where sha256 = $sha256 and source = $source)",
        own,
    ).fetchone() or (0,)
    outcomes = dict(connection.execute("select outcome, count(*) from contribution group by all").fetchall())
    return Contribution(
        rejects=rejects,
        flags=_rows(connection, FLAGS, own),
        changes=_rows(
            connection,
            "select own.*, indicator.name_en as indicator_name_en, indicator.name_zh as indicator_name_zh"
            " from contribution as own inner join marts.dim_indicator as indicator using (indicator)"
            " where outcome = 'changed' order by sheet_no, row_no, col_no",
        ),
        missing=_rows(
            connection,
            "select coverage.*, indicator.name_en as indicator_name_en, indicator.name_zh as indicator_name_zh"
            " from marts.mart_coverage as coverage inner join marts.dim_indicator as indicator using (indicator)"
            " where source = $source and state = 'missing' order by indicator, area_type, ref_year, ref_area",
            {"source": source},
        ),
        counts={
            "cells": cells,
            "marks": marks,
            **{name: outcomes.get(name, 0) for name in OUTCOMES},
            "refused": refused,
        },
    )


def _remember_release(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """The observations in force, as the temporary table `before`; none before the first release."""
    release_id = current_id(home)
    if release_id is None:
        connection.execute(
            f"create temp table before as select {KEY}, obs_value from marts.fct_observation limit 0"
        )
        return
    database = str(home.releases / release_id / DATABASE).replace("'", "''")
    connection.execute(f"attach '{database}' as release (read_only)")
    connection.execute(
        f"create temp table before as select {KEY}, obs_value from release.marts.fct_observation"
    )
    connection.execute("detach release")


def _rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Row | None = None) -> list[Row]:
    found = connection.execute(query, parameters or {})
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
