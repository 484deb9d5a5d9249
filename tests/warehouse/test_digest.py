"""What counts as a change, and of what: of reading, of meaning, of anything."""

import shutil
from pathlib import Path

import pytest
import yaml

from sources.declared.source import Declaration, load_declaration
from sources.guard.limits import Limits
from warehouse.digest import input_digest, meaning_digest, reading_digest
from warehouse.home import Home


@pytest.fixture
def folder(tmp_path: Path, submission: Declaration) -> Path:
    """A copy of a source's folder, to be edited."""
    return Path(shutil.copytree(submission.folder, tmp_path / "submission"))


def edited(folder: Path, **keys: object) -> Declaration:
    path = folder / "source.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_declaration(folder)


@pytest.mark.parametrize(
    ("keys", "reads_anew"),
    [
        ({"layout": {"kind": "tidy", "encoding": "gb18030"}}, True),
        ({"authority": "yearbook"}, False),
        ({"vintage": "2020-01-01"}, False),
        ({"series": [{"label": "a", "indicator": "gdp", "definition": "d", "basis": "b"}]}, False),
    ],
)
def test_an_edited_declaration_recomputes_and_only_its_layout_reads_anew(
    home: Home, folder: Path, keys: dict[str, object], reads_anew: bool
) -> None:
    before = edited(folder)
    digests = [
        reading_digest(before, Limits()),
        meaning_digest({"submission": before}),
        input_digest(home, {"submission": before}),
    ]
    after = edited(folder, **keys)
    assert (reading_digest(after, Limits()) != digests[0]) == reads_anew
    assert meaning_digest({"submission": after}) != digests[1]
    assert input_digest(home, {"submission": after}) != digests[2]


def test_nothing_changed_is_the_same_digest(folder: Path) -> None:
    one, other = load_declaration(folder), load_declaration(folder)
    assert reading_digest(one, Limits()) == reading_digest(other, Limits())
    assert meaning_digest({"submission": one}) == meaning_digest({"submission": other})
    assert meaning_digest({}) != meaning_digest({"submission": one})
