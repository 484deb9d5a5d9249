"""The guide to `source.yml` names every key, and its examples are declarations that load."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from sources.declared.layout import Block, Label, Labels
from sources.declared.source import Declaration
from sources.parsing import parse

GUIDES = ("sources.md", "services.md", "sdmx.md")


@pytest.fixture(scope="module")
def guide(checkout: Path) -> str:
    return (checkout / "docs" / "sources.md").read_text(encoding="utf-8")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models(field.annotation)
    for argument in get_args(annotation):
        yield from _models(argument)


def test_every_key_is_explained(checkout: Path) -> None:
    told = "".join((checkout / "docs" / name).read_text(encoding="utf-8") for name in GUIDES)
    fields = (item for model in _models(Declaration) for item in model.model_fields.items())
    keys = {field.alias or name for name, field in fields}
    unexplained = {key for key in keys if not re.search(rf"\b{key}\b", told)}
    assert len(keys) > 50
    assert unexplained == set()


def test_the_whole_example_loads(guide: str, declare: Callable[..., Declaration]) -> None:
    example = yaml.safe_load(re.findall(r"```yaml\n(source: .*?)```", guide, re.DOTALL)[0])
    example["source"] = "some_source"
    assert [one.area_type for one in declare(**example).series] == ["urban", "rural"]


def test_the_submission_of_parts_of_a_year_is_one(
    guide: str, declare: Callable[..., Declaration], tmp_path: Path
) -> None:
    (shown,) = re.findall(r"```csv\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "f.csv").write_text(shown, encoding="utf-8")
    reading = parse(tmp_path / "f.csv", declare(), "f.csv")
    assert (reading.cells["accumulation"].to_list(), reading.rejects) == (["ytd", "period", None, None], [])


def test_the_frequent_pages_are_blocks(guide: str) -> None:
    pages = re.findall(r"^(labels: .+\nfirst_row: .+\nfirst_column: .+)$", guide, re.MULTILINE)
    assert len(pages) == 2
    assert all(Block.model_validate(yaml.safe_load(page)) for page in pages)


def test_every_place_of_a_label_in_the_guide_is_one(guide: str) -> None:
    places = [
        place
        for place in re.findall(r"`(\{[^`]+\})`", guide.partition("Of a block may")[0])
        if "en:" not in place
    ]
    assert len(places) >= 8
    assert all(Label.model_validate(yaml.safe_load(place)) for place in places)
    assert all(name in guide for name in Labels.model_fields)
