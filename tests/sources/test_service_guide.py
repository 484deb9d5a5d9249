"""The examples of the guide to services are declarations as they stand."""

import re
from pathlib import Path

import pytest
import yaml

from tests.sources.conftest import Declare

GUIDE = Path("docs") / "services.md"


def examples(checkout: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (checkout / GUIDE).read_text(encoding="utf-8"), re.DOTALL)


def test_every_example_is_a_valid_declaration(checkout: Path, declare: Declare) -> None:
    found = [declare(**yaml.safe_load(text)) for text in examples(checkout)]
    assert [one.layout.kind for one in found] == ["world_bank", "nbs_query", "nbs_release"]
    slices = found[2].service
    assert slices is not None
    assert [one.name for one in slices.requests] == ["income-2016.json", "income-2021.json"]


@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("every_hours", 20),
        ("timeout_seconds", 60),
        ("retries", 3),
        ("requests_per_minute", 30),
        ("max_megabytes", 64),
    ],
)
def test_the_guide_states_the_defaults(checkout: Path, declare: Declare, key: str, default: int) -> None:
    text = (checkout / GUIDE).read_text(encoding="utf-8")
    assert f"| `{key}` | {default} |" in text
    service = declare(service={"requests": [{"name": "a.csv", "url": "https://data.example.cn/"}]}).service
    assert getattr(service, key) == default
