"""A source declared in a temporary folder, for the tests of this room."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.declared.source import Declaration, load_declaration

Declare = Callable[..., Declaration]
MINIMAL: dict[str, Any] = {
    "source": "some_source",
    "title": {"en": "Some source", "zh": "某来源"},
    "producer": "a bureau",
    "citation": "a yearbook",
    "licence": "none stated",
    "frequency": "A",
    "authority": "report",
    "layout": {"kind": "tidy"},
}


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    """Writes a `source.yml` of the minimal keys and those given (None leaves a key out), and loads it."""

    def declare(**keys: Any) -> Declaration:
        content = {key: value for key, value in (MINIMAL | keys).items() if value is not None}
        folder = tmp_path / "sources" / "some_source"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return load_declaration(folder)

    return declare
