"""The digest of a relation's content: the same for the same rows, whatever their order and however they came to be.

Doubles count with 12 significant digits, and neither the ids nor the times of a run count.
"""

from __future__ import annotations

import duckdb

# Columns that say when and under which name something was done, not what is known.
OF_THE_RUN = {"received_at", "recorded_from", "recorded_to", "file_id", "cell_id", "decided_at"}

LOWER_HALF = (1 << 64) - 1


def content_digest(connection: duckdb.DuckDBPyConnection, relation: str, schema: str = "marts") -> str:
    """The digest of a relation as 32 hexadecimal digits.

    Every row is hashed over its columns as text; the hashes are added up, so that no sorting is needed and the order
    of the rows does not count. They are added in halves: only up to 64 bits does DuckDB add whole numbers exactly.
    """
    described = connection.execute(f"describe {schema}.{relation}").fetchall()
    texts = [_text(name, kind) for name, kind, *_ in described if name not in OF_THE_RUN]
    row = connection.execute(f"""
        with hashed as (
            select md5_number(concat_ws(chr(31), {", ".join(texts)})) as number from {schema}.{relation}
        )
        select md5(concat_ws(
            '|', count(*), sum((number >> 64)::ubigint), sum((number & {LOWER_HALF}::uhugeint)::ubigint)
        ))
        from hashed""").fetchone()
    assert row is not None
    return str(row[0])


def _text(name: str, kind: str) -> str:
    column = f'"{name}"'
    if kind in ("DOUBLE", "FLOAT"):
        return f"coalesce(format('{{:.11e}}', {column} + 0.0), '~')"
    return f"coalesce({column}::varchar, '~')"
