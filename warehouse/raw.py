"""Loading: what a file says, put down as it was read, once, with the address of every number.

A file's rows go in with its `raw.file` row in one transaction. That row is the idempotency key: a retry, also one
after a commit that succeeded but whose checkpoint failed, finds it and does nothing. Bytes that were stated again after
others are read again, so that the order of the file ids is that of the receipts. When the layout of a source or the
readers change, all that it sent is read anew from the archive, under new and larger file ids.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from sources.cell import Reading
from sources.declared.source import Declaration
from sources.guard.limits import Limits
from sources.reading import Reader
from warehouse.archive import Receipt, content_path, receipts
from warehouse.build import LABELS
from warehouse.digest import reading_digest
from warehouse.home import Home

# Room for four thousand million cells per file; the file is the upper part, the ordinal in it the lower.
CELLS_PER_FILE = 1 << 32


@dataclass(frozen=True)
class Loaded:
    """What one call put into the raw tables."""

    files: int = 0
    cells: int = 0
    rejects: int = 0


def load(
    connection: duckdb.DuckDBPyConnection, home: Home, declaration: Declaration, limits: Limits | None = None
) -> Loaded:
    """Load every receipt of a source that is not in the raw tables as it is read now, each in its own transaction."""
    limits = limits or Limits()
    _forget_other_readings(connection, declaration, limits)
    loaded = "select sha256, sending_no from raw.file where source = ?"
    present = set(connection.execute(loaded, [declaration.source]).fetchall())
    sendings: Counter[str] = Counter()
    total = Loaded()
    with Reader(limits) as reader:
        for receipt in receipts(home.archive):
            if receipt.source != declaration.source:
                continue
            sendings[receipt.sha256] += 1
            sending_no = sendings[receipt.sha256]
            if (receipt.sha256, sending_no) not in present:
                path = content_path(home.archive, receipt.sha256)
                reading = reader.read(path, declaration, receipt.file_name)
                one = _load_file(connection, receipt, reading, sending_no)
                total = Loaded(total.files + 1, total.cells + one.cells, total.rejects + one.rejects)
    return total


def _forget_other_readings(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, limits: Limits
) -> None:
    """Take out what was read of a source in another way than it is read now."""
    source, digest = declaration.source, reading_digest(declaration, limits)
    read_so = connection.execute("select digest from process.reading where source = ?", [source]).fetchone()
    if read_so == (digest,):
        return
    connection.begin()
    try:
        last_file_id = _next_file_id(connection) - 1
        for table in ("cell", "reject", "sheet"):
            connection.execute(
                f"delete from raw.{table} where file_id in (select file_id from raw.file where source = ?)",
                [source],
            )
        connection.execute("delete from raw.file where source = ?", [source])
        connection.execute(
            "insert or replace into process.reading values (?, ?, ?)", [source, digest, last_file_id]
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _load_file(
    connection: duckdb.DuckDBPyConnection, receipt: Receipt, reading: Reading, sending_no: int
) -> Loaded:
    received_at = datetime.fromisoformat(receipt.received_at).astimezone(UTC).replace(tzinfo=None)
    connection.begin()
    try:
        file_id = _next_file_id(connection)
        connection.execute(
            "insert into raw.file values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [file_id, receipt.source, receipt.file_name, receipt.sha256, sending_no, receipt.bytes, received_at,
             reading.cells.height, len(reading.rejects), reading.address],
        )  # fmt: skip
        _insert(connection, file_id, reading)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return Loaded(1, reading.cells.height, len(reading.rejects))


def _next_file_id(connection: duckdb.DuckDBPyConnection) -> int:
    """Larger than any before, also of files that were taken out, so that the partitions they held are behind."""
    row = connection.execute("""
        select coalesce(max(file_id), 0) + 1
        from (select file_id from raw.file union all select last_file_id from process.reading) as used (file_id)
        """).fetchone()
    assert row is not None
    return int(row[0])


def _insert(connection: duckdb.DuckDBPyConnection, file_id: int, reading: Reading) -> None:
    if reading.sheets:
        names = [(file_id, number, name) for number, name in enumerate(reading.sheets, start=1)]
        connection.executemany("insert into raw.sheet values (?, ?, ?)", names)
    if reading.rejects:
        connection.executemany(
            "insert into raw.reject values (?, ?, ?, ?, ?, ?)",
            [(file_id, r.sheet_no, r.row_no, r.col_no, r.code, r.text) for r in reading.rejects],
        )
    if reading.cells.is_empty():
        return
    connection.register("cells", reading.cells.with_row_index("ordinal").to_arrow())
    # The text is kept only where the number does not print back to it, so nothing of what was read is lost.
    connection.execute(f"""
        insert into raw.cell
        with parsed as (select *, try_cast(value_text as double) as number from cells)
        select
            {file_id} * {CELLS_PER_FILE} + ordinal, {file_id}, sheet_no, row_no, col_no,
            case when isfinite(number) then number end,
            case when isfinite(number) and raw.canonical_text(number) = value_text then null else value_text end,
            {", ".join(LABELS)}
        from parsed order by ordinal""")
    connection.unregister("cells")
