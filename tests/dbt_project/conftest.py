"""Macros of the dbt project, rendered outside dbt, for tests of their SQL in a real DuckDB."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"


@pytest.fixture(scope="session")
def macro() -> Callable[..., str]:
    """Renders a macro that needs nothing but other macros: `macro("half_up_to", "x", "n")`."""
    files = [
        path for path in sorted(MACROS.glob("*.sql")) if "{% test" not in path.read_text(encoding="utf-8")
    ]
    template = jinja2.Environment().from_string("\n".join(path.read_text(encoding="utf-8") for path in files))

    def render(name: str, *arguments: Any) -> str:
        return str(getattr(template.module, name)(*arguments))

    return render
