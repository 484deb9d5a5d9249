from collections.abc import Callable
from pathlib import Path

import pytest

from sources.catalog import BUNDLED, find_sources
from sources.declared.source import Declaration
from sources.errors import SourceError

Declare = Callable[..., Declaration]


def test_the_bundled_sources_are_found() -> None:
    assert list(find_sources([BUNDLED])) == [
        "national",
        "province_panel",
        "province_urbanization",
        "reported",
        "submission",
    ]


def test_sources_of_a_bureau_stand_beside_the_bundled_ones(declare: Declare) -> None:
    folder = declare().folder
    found = find_sources([BUNDLED, folder.parent])
    assert found["some_source"].folder == folder
    assert len(found) == 6


def test_a_folder_that_does_not_exist_holds_no_source(tmp_path: Path) -> None:
    assert find_sources([tmp_path / "absent"]) == {}


def test_a_clash_of_names_is_refused(declare: Declare, tmp_path: Path) -> None:
    mine = declare().folder
    other = tmp_path / "other" / "some_source"
    other.mkdir(parents=True)
    (other / "source.yml").write_bytes((mine / "source.yml").read_bytes())
    with pytest.raises(SourceError) as error:
        find_sources([mine.parent, other.parent])
    assert error.value.code == "source.name_clash"
    assert (error.value.details["first"], error.value.details["second"]) == (mine, other)


def test_a_folder_without_declaration_is_refused(declare: Declare) -> None:
    parent = declare().folder.parent
    (parent / "__pycache__").mkdir()
    assert list(find_sources([parent])) == ["some_source"]
    (parent / "half_made").mkdir()
    with pytest.raises(SourceError, match=r"source\.missing_file"):
        find_sources([parent])
