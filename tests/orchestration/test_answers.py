"""What is answered when something at rest is damaged: what is wrong, and everything else."""

import json
from pathlib import Path

import pytest

from orchestration.answers import standing
from orchestration.due import up_to_date_release
from warehouse.collection import declared_sources
from warehouse.digest import input_digest
from warehouse.home import Home
from warehouse.manifest import Manifest
from warehouse.release import put_in_force
from warehouse.settings import load_settings

OLDER, NEWER = "20260101T000000Z-aaaaaaaa", "20260102T000000Z-bbbbbbbb"
FAILED = {"time": "2026-01-03T00:00:00+00:00", "message": "No space."}


@pytest.fixture
def releases(home: Home) -> Home:
    """Two releases on paper, the newer one in force and up to date."""
    digest = input_digest(home, declared_sources(home, load_settings(home)))
    counts = {"observations": 1234, "flags_error": 1, "flags_warning": 2, "rejected": 0}
    for release_id, day, previous in ((OLDER, "01", None), (NEWER, "02", OLDER)):
        folder = home.releases / release_id
        folder.mkdir()
        created = f"2026-01-{day}T00:00:00+00:00"
        Manifest(release_id, created, previous, digest, "0.1.0", counts=counts).write(folder)
    put_in_force(home, NEWER)
    return home


def manifest(home: Home, release_id: str) -> Path:
    return home.releases / release_id / "manifest.json"


def test_a_damaged_release_in_force_makes_a_refresh_due(releases: Home) -> None:
    declared = declared_sources(releases, load_settings(releases))
    found = up_to_date_release(releases, declared)
    assert found is not None
    assert found.release_id == NEWER
    manifest(releases, NEWER).write_text("{", encoding="utf-8")
    assert up_to_date_release(releases, declared) is None


def test_a_damaged_release_is_named_in_the_list_and_hides_no_other(releases: Home, type_) -> None:
    manifest(releases, NEWER).write_text("{", encoding="utf-8")
    listed = type_("releases", "list")
    assert listed.exit_code == 0
    newer, older = listed.stdout.splitlines()[-2:]
    assert newer.split(maxsplit=1) == [NEWER, "in force, damaged"]
    assert older.split() == [OLDER, "2026-01-01T00:00:00+00:00", "1,234", "3"]
    assert listed.stderr.startswith(f"The release at {manifest(releases, NEWER)} is damaged")


@pytest.mark.parametrize("command", [("status",), ("sql", "select 1"), ("flags",)])
def test_a_damaged_release_in_force_answers_nothing(releases: Home, type_, command) -> None:
    manifest(releases, NEWER).write_text("{", encoding="utf-8")
    result = type_(*command)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"The release at {manifest(releases, NEWER)} is damaged")


@pytest.mark.parametrize("torn", ["", '{"time": "2026-01-0', "[]", "\ufffd", '{"time": "2026-01-04"}\n'])
def test_the_last_failure_is_told_when_a_later_line_is_torn(releases: Home, torn: str) -> None:
    releases.alerts.write_text(f"{json.dumps(FAILED)}\n{torn}", encoding="utf-8")
    lines = [line for _, line in standing(releases, {})]
    assert lines[-1] == "2026-01-03T00:00:00+00:00 No space."


def test_nothing_is_told_when_no_line_can_be_read(releases: Home) -> None:
    releases.alerts.write_bytes(b'{"time": "\xff')
    assert not [line for _, line in standing(releases, {}) if "No space" in line]
