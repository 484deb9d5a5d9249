"""The gate before a release: what must hold of the whole, besides the structural tests of the models."""

from __future__ import annotations

import duckdb

from warehouse.errors import GateError


def check_gate(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a release in which a source lost more than its declared share to quarantine.

    Values that the source has replaced since do not count, nor do those that a person has decided upon.

    Raises:
        GateError: `gate.quarantine`, naming every such source with both shares; `names` are the sources alone.
    """
    lost = connection.execute("""
        select source.source, source.max_quarantined_pct,
            100.0 * count(distinct verdict.cell_id) filter (standing.review_outcome is distinct from 'accept')
                / count(distinct evidence.cell_id) as quarantined_pct
        from intermediate.int_observation_evidence as evidence
        inner join intermediate.int_observation as standing
            on evidence.cell_id = standing.cell_id and standing.edition_no = 1
        inner join raw.source as source on evidence.source = source.source
        left join quality.verdict as verdict
            on evidence.cell_id = verdict.cell_id and verdict.outcome = 'fail' and verdict.severity = 'error'
        group by all
        having quarantined_pct > source.max_quarantined_pct
        order by quarantined_pct desc, source.source""").fetchall()
    if lost:
        shares = ", ".join(f"{source} {share:.2f} % > {allowed:g} %" for source, allowed, share in lost)
        raise GateError("gate.quarantine", shares=shares, names=tuple(source for source, *_ in lost))
