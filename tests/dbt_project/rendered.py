"""The SQL of a model without dbt: its references are tables of a test's own in a database in memory."""

from functools import cache
from pathlib import Path

import jinja2

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@cache
def query(model: str) -> str:
    """The query of a model; what a refresh adds to it are the contracts."""
    macros = [
        path
        for path in sorted((PROJECT / "macros").glob("*.sql"))
        if "{% test" not in path.read_text("utf-8")
    ]
    (path,) = (PROJECT / "models").rglob(f"{model}.sql")
    text = "\n".join(one.read_text("utf-8") for one in [*macros, path])
    return jinja2.Environment().from_string(text).render(ref=lambda name: name)
