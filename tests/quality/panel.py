"""The bundled panel, in a copy of its build database, in which cells can be overwritten and judged anew.

The very queries of the project are carried out, from the cells to the evidence, and the rules on what comes of them;
dbt, Great Expectations and the release are left out, so that a judgement takes a second or two. Nothing of it lasts.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.evidence import KINDS
from expectations.rulebook import load_rules
from expectations.verdict import write_verdicts
from orchestration.transformation import Transformation
from warehouse.home import Home

EVIDENCE = [one.relation.removeprefix("intermediate.") for one in KINDS.values()]
FIRST = "int_cell"

# The panel of docs/quality.md: figures of other sources draw no other sample, so that what is measured can be compared.
SOURCES = ("national", "province_panel", "province_urbanization")

CELLS = f"""
    select
        evidence.cell_id, observation.file_id, observation.series_no, evidence.source, evidence.ref_area,
        evidence.ref_year, evidence.indicator, evidence.area_type, evidence.quantity, evidence.raw_text,
        evidence.multiplier, cell.row_no, cell.col_no
    from intermediate.int_observation_evidence as evidence
    inner join intermediate.int_observation as observation on evidence.cell_id = observation.cell_id
    inner join raw.cell as cell on evidence.cell_id = cell.cell_id
    where observation.edition_no = 1 and evidence.freq = 'A' and evidence.source in {SOURCES}
    order by evidence.cell_id
"""

FINDINGS = """
    select
        cell_id,
        min_by(severity, list_position(['error', 'warning', 'information'], severity)) as severity,
        min_by(diagnosis, list_position(['error', 'warning', 'information'], severity))
            filter (where diagnosis is not null) as diagnosis,
        any_value(suggested_value) as suggested_value,
        min(confidence) filter (where suggested_value is not null) as confidence
    from quality.verdict
    where outcome = 'fail' and severity <> 'information'
    group by all
"""


@dataclass(frozen=True)
class Cell:
    """One observation in force: where it stands, what is printed, what it means."""

    cell_id: int
    file_id: int
    series_no: int
    source: str
    ref_area: str
    ref_year: int
    indicator: str
    area_type: str
    quantity: str
    text: str
    multiplier: int
    row_no: int
    col_no: int


@dataclass(frozen=True)
class Finding:
    """What the rules say of one cell: the gravest severity, the diagnosis, what is suggested and how surely."""

    severity: str
    diagnosis: str | None
    suggested: float | None
    confidence: str | None


@dataclass(frozen=True)
class Change:
    """What is planted: other texts in cells, and cells that stand there a second time."""

    texts: Mapping[int, str]
    repeated: Sequence[int] = ()


class Panel:
    """The cells of one build database, and what the rules would say if some of them were others."""

    def __init__(self, home: Home, folder: Path) -> None:
        database = folder / home.database.name
        shutil.copy(home.database, database)
        self._connection = duckdb.connect(database, config={"threads": 2})
        self._queries = list(_queries(home))
        self._rules = load_rules()
        self._connection.execute("delete from process.pending")
        self._connection.execute(
            "insert into process.pending select distinct source, coalesce(ref_year, 0), 0 from staging.stg_cell"
        )
        self.cells = [Cell(*row) for row in self._connection.execute(CELLS).fetchall()]

    def findings(self, change: Change) -> dict[int, Finding]:
        """What the rules say once the change is made, by cell; a repeated cell has its own number."""
        self._connection.begin()
        try:
            self._write(change)
            for name, query in self._queries:
                self._connection.execute(f"create or replace table intermediate.{name} as {query}")
            write_verdicts(self._connection, self._rules)
            rows = self._connection.execute(FINDINGS).fetchall()
        finally:
            self._connection.rollback()
        return {cell_id: Finding(*found) for cell_id, *found in rows}

    def _write(self, change: Change) -> None:
        if change.texts:
            self._connection.executemany(
                "update raw.cell set value = null, raw_text = ? where cell_id = ?",
                [(text, cell_id) for cell_id, text in change.texts.items()],
            )
        for cell_id in change.repeated:
            self._connection.execute(
                "insert into raw.cell select * replace (cell_id + 1000000 as cell_id, row_no + 1000 as row_no)"
                " from raw.cell where cell_id = ?",
                [cell_id],
            )


def _queries(home: Home) -> Iterator[tuple[str, str]]:
    """The compiled query of every model between the cells and the evidence, what is read before what reads it."""
    dbt = Transformation(home)
    manifest = dbt.manifest()
    nodes, parents = manifest["nodes"], manifest["parent_map"]
    ordered: dict[str, bool] = {}

    def visit(unique_id: str) -> bool:
        """Whether the node follows from the cells; its parents are visited before it is."""
        if unique_id not in nodes:
            return False
        if unique_id not in ordered:
            follows = [visit(parent) for parent in parents[unique_id]]
            ordered[unique_id] = any(follows) or nodes[unique_id]["name"] == FIRST
        return ordered[unique_id]

    for unique_id, node in nodes.items():
        if node["name"] in EVIDENCE:
            visit(unique_id)
    for unique_id, follows in ordered.items():
        if follows:
            yield nodes[unique_id]["name"], dbt.compiled(nodes[unique_id]["path"])
