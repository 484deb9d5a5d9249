"""Which releases there are: never one that did not come into force, and always those beside a damaged one."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest

from tests.warehouse.conftest import AS_OF, announce
from warehouse import release
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.manifest import Manifest, current, list_releases, release_folder
from warehouse.query import open_release
from warehouse.release import publish, put_in_force


class Killed(BaseException):
    """Ends a run where no handler of ours looks, as a kill does."""


@contextmanager
def killed_at_the_swap() -> Iterator[None]:
    """What runs inside ends when everything is in place and `current` does not point at it yet."""

    def kill(*_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(release, "_swap", kill)
        with pytest.raises(Killed):
            yield


def publish_until_the_swap(build: duckdb.DuckDBPyConnection, home: Home, digest: str) -> str:
    release_id = announce(build, home, digest)
    with killed_at_the_swap():
        publish(build, home, AS_OF)
    assert (home.releases / release_id / "manifest.json").exists()
    return release_id


def damage(home: Home, manifest: Manifest, content: str = '{"release_id": ') -> None:
    path = home.releases / manifest.release_id / "manifest.json"
    path.chmod(0o644)
    path.write_text(content, encoding="utf-8")


def test_a_release_that_never_came_into_force_is_none(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    first = publish(ready, home, AS_OF)
    lost = publish_until_the_swap(ready, home, "b" * 64)
    assert current(home) == first
    assert list_releases(home) == [first]
    with pytest.raises(WarehouseError) as caught:
        release_folder(home, lost)
    assert caught.value.code == "release.unknown"
    announce(ready, home, "c" * 64)
    second = publish(ready, home, AS_OF)
    assert list_releases(home) == [second, first]
    assert not (home.releases / lost).exists()
    assert {path.name for path in home.releases.iterdir()} == {"current", first.release_id, second.release_id}


def test_the_very_first_release_can_be_killed_too(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    lost = publish_until_the_swap(ready, home, "a" * 64)
    assert current(home) is None
    assert list_releases(home) == []
    with pytest.raises(WarehouseError) as caught:
        release_folder(home, lost)
    assert caught.value.code == "release.unknown"
    announce(ready, home, "b" * 64)
    first = publish(ready, home, AS_OF)
    assert list_releases(home) == [first] == [current(home)]


def test_a_rollback_makes_no_release_undone(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    first = publish(ready, home, AS_OF)
    announce(ready, home, "b" * 64)
    second = publish(ready, home, AS_OF)
    put_in_force(home, first.release_id)
    assert current(home) == first
    lost = publish_until_the_swap(ready, home, "c" * 64)
    assert list_releases(home) == [second, first]
    announce(ready, home, "d" * 64)
    third = publish(ready, home, AS_OF)
    assert third.previous_release_id == first.release_id
    assert list_releases(home) == [third, second, first]
    assert not (home.releases / lost).exists()


def test_a_rollback_that_is_killed_loses_nothing(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    first = publish(ready, home, AS_OF)
    announce(ready, home, "b" * 64)
    second = publish(ready, home, AS_OF)
    with killed_at_the_swap():
        put_in_force(home, first.release_id)
    assert list_releases(home) == [second, first]
    announce(ready, home, "c" * 64)
    third = publish(ready, home, AS_OF)
    assert list_releases(home) == [third, second, first]


@pytest.mark.parametrize(
    "content", ["", '{"release_id": ', "null", "{}", '{"rows": 1}', '{"release_id": "x", "unknown": 1}']
)
def test_a_damaged_manifest_is_named_and_hides_no_other(
    ready: duckdb.DuckDBPyConnection, home: Home, content: str
) -> None:
    first = publish(ready, home, AS_OF)
    announce(ready, home, "b" * 64)
    second = publish(ready, home, AS_OF)
    damage(home, second, content)
    assert list_releases(home) == [first]
    for look in (current, open_release):
        with pytest.raises(WarehouseError) as caught:
            look(home)
        assert caught.value.code == "release.damaged"
        assert second.release_id in str(caught.value.details["file"])


def test_the_release_after_a_damaged_one_names_it(ready: duckdb.DuckDBPyConnection, home: Home) -> None:
    first = publish(ready, home, AS_OF)
    damage(home, first)
    announce(ready, home, "b" * 64)
    second = publish(ready, home, AS_OF)
    assert second.previous_release_id == first.release_id
    assert current(home) == second
