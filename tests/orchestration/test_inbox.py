"""The inbox watched: when a run is asked for, when not, and that nothing odd stops it."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration import inbox
from orchestration.assets import reference_years
from orchestration.definitions import REFRESH
from orchestration.inbox import INTERVAL_SECONDS, inbox_watch
from warehouse.archive import digest_of
from warehouse.collection import declared_sources, receive
from warehouse.home import Home
from warehouse.settings import load_settings

ROW = "330400,2020,disposable_income_per_capita,total,54667,CNY"
OTHER = "330400,2020,disposable_income_per_capita,total,54668,CNY"


def leave_alone(path: Path, seconds: float = INTERVAL_SECONDS + 1) -> Path:
    """Lets a file look as if it had been written that long ago."""
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


class Watch:
    """A sensor and its cursor, as the daemon keeps them."""

    def __init__(self, home: Home, instance: dg.DagsterInstance) -> None:
        self.home, self.instance, self.cursor = home, instance, None
        self.start()

    def start(self) -> None:
        """Loads the definitions, as a restart does."""
        self.declarations = declared_sources(self.home, load_settings(self.home))
        self.sensor = inbox_watch(self.home, REFRESH, reference_years(), self.declarations)

    def tick(self) -> dg.RunRequest | str:
        """What it asks for, or why it does not."""
        context = dg.build_sensor_context(self.instance, cursor=self.cursor)
        answer = self.sensor(context)
        self.cursor = context.cursor
        return answer.skip_message if isinstance(answer, dg.SkipReason) else answer

    def take_in(self) -> None:
        """What the run does that concerns the inbox."""
        receive(self.home, self.declarations)


@pytest.fixture
def watch(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setenv("TONGJI_LANG", "en")
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(home, instance)


Submit = Callable[..., Path]


def test_an_empty_inbox_asks_for_nothing(watch: Watch) -> None:
    assert watch.tick() == "Nothing new lies in the inbox."


def test_all_new_files_are_one_run_over_all_years(watch: Watch, submit: Submit) -> None:
    for name, row in (("a.csv", ROW), ("b.csv", OTHER)):
        leave_alone(submit(row, name=name))
    request = watch.tick()
    assert isinstance(request, dg.RunRequest)
    years = reference_years().get_partition_keys()
    assert request.tags["dagster/asset_partition_range_start"] == years[0]
    assert request.tags["dagster/asset_partition_range_end"] == years[-1]
    watch.take_in()
    assert watch.tick() == "Nothing new lies in the inbox."


def test_a_file_is_waited_for_while_it_is_written_and_holds_up_no_other(watch: Watch, submit: Submit) -> None:
    growing = submit(ROW, name="growing.csv")
    told = watch.tick()
    assert f"{growing} was written to a moment ago" in told
    leave_alone(submit(OTHER, name="whole.csv"))
    assert isinstance(watch.tick(), dg.RunRequest)
    watch.take_in()
    assert isinstance(watch.tick(), str)
    submit(ROW, OTHER, name="growing.csv")
    assert isinstance(watch.tick(), str)
    leave_alone(growing)
    assert isinstance(watch.tick(), dg.RunRequest)


def test_the_same_bytes_again_ask_for_nothing(watch: Watch, submit: Submit) -> None:
    leave_alone(submit(ROW))
    assert isinstance(watch.tick(), dg.RunRequest)
    watch.take_in()
    leave_alone(submit(ROW), INTERVAL_SECONDS + 5)
    leave_alone(submit(ROW, name="copy.csv"))
    assert watch.tick() == "Nothing new lies in the inbox."


def test_a_version_taken_back_is_asked_for_under_a_key_of_its_own(watch: Watch, submit: Submit) -> None:
    keys = []
    for row in (ROW, OTHER, ROW):
        leave_alone(submit(row))
        request = watch.tick()
        assert isinstance(request, dg.RunRequest)
        keys.append(request.run_key)
        watch.take_in()
    assert len(set(keys)) == 3


def test_a_restart_asks_for_nothing_twice_and_forgets_nothing(watch: Watch, submit: Submit) -> None:
    leave_alone(submit(ROW))
    first = watch.tick()
    assert isinstance(first, dg.RunRequest)
    watch.start()
    again = watch.tick()
    assert isinstance(again, dg.RunRequest)
    assert again.run_key == first.run_key  # of which the daemon makes no second run
    watch.take_in()
    watch.start()
    assert isinstance(watch.tick(), str)
    watch.cursor = None  # lost
    assert isinstance(watch.tick(), str)
    leave_alone(submit(OTHER))
    watch.start()
    assert isinstance(watch.tick(), dg.RunRequest)


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
def test_while_a_run_is_under_way_none_is_added(
    watch: Watch, submit: Submit, status: dg.DagsterRunStatus
) -> None:
    leave_alone(submit(ROW))
    run = dg.DagsterRun(job_name=REFRESH, status=status)
    watch.instance.add_run(run)
    assert watch.tick().startswith("A run is under way")
    watch.instance.delete_run(run.run_id)
    assert isinstance(watch.tick(), dg.RunRequest)


def test_files_that_a_failed_run_left_lying_are_asked_for_again_but_not_at_once(
    watch: Watch, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_alone(submit(ROW))
    keys = []
    for _ in range(3):
        request = watch.tick()
        assert isinstance(request, dg.RunRequest)
        keys.append(request.run_key)
        failed = dg.DagsterRun(job_name=REFRESH, status=dg.DagsterRunStatus.FAILURE, tags=dict(request.tags))
        watch.instance.add_run(failed)
        with monkeypatch.context() as patch:
            patch.setattr(inbox, "RETRY_AFTER", timedelta(hours=1))
            assert watch.tick().startswith("The run for the new files failed")
        monkeypatch.setattr(inbox, "RETRY_AFTER", timedelta(0))
    assert len(set(keys)) == 3
    watch.take_in()
    assert watch.tick() == "Nothing new lies in the inbox."


def test_a_new_file_is_asked_for_though_the_run_for_others_just_failed(watch: Watch, submit: Submit) -> None:
    leave_alone(submit(ROW))
    request = watch.tick()
    failed = dg.DagsterRun(job_name=REFRESH, status=dg.DagsterRunStatus.FAILURE, tags=dict(request.tags))
    watch.instance.add_run(failed)
    leave_alone(submit(OTHER, name="b.csv"))
    assert isinstance(watch.tick(), dg.RunRequest)


def test_a_file_is_read_once_for_each_state_it_is_in(
    watch: Watch, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(inbox, "digest_of", lambda path: read.append(path.name) or digest_of(path))
    leave_alone(submit(ROW, name="a.csv"))
    watch.tick()
    watch.tick()
    watch.take_in()
    leave_alone(submit(OTHER, name="b.csv"))
    request = watch.tick()
    (watch.home.inbox / "submission" / "a.csv").unlink()
    assert watch.tick() == request  # of which the daemon makes no second run, since it knows the key
    assert read == ["a.csv", "b.csv"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_asked_for(
    watch: Watch, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = leave_alone(submit(ROW, name="a.csv"))

    def refuse(path: Path) -> str:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return digest_of(path)

    monkeypatch.setattr(inbox, "digest_of", refuse)
    assert f"{closed} cannot be read (Permission denied)" in watch.tick()
    leave_alone(submit(OTHER, name="b.csv"))
    assert isinstance(watch.tick(), dg.RunRequest)


def test_odd_things_in_the_inbox_are_named_and_stop_nothing(watch: Watch, submit: Submit) -> None:
    (watch.home.inbox / "elsewhere").mkdir()
    folder = submit(ROW, name=".hidden.csv").parent
    (folder / "2023").mkdir()
    (folder / "nowhere.csv").symlink_to(folder / "gone.csv")
    told = watch.tick()
    assert "elsewhere belongs to no known source" in told
    assert "2023 lies inside the folder of the source submission" in told
    leave_alone(submit(ROW))
    assert isinstance(watch.tick(), dg.RunRequest)


def test_a_name_that_is_no_text_is_told_of_and_stops_nothing(watch: Watch, submit: Submit) -> None:
    folder = leave_alone(submit(ROW)).parent
    path = os.fsencode(folder) + b"/" + "嘉兴.csv".encode("gb18030")
    try:
        with open(path, "wb") as file:
            file.write(b"x")
        os.mkdir(os.fsencode(watch.home.inbox) + b"/" + "嘉兴".encode("gb18030"))
    except OSError:
        pytest.skip("this file system takes no such name")
    assert isinstance(watch.tick(), dg.RunRequest)
    watch.take_in()
    told = watch.tick()
    assert "rename it" in told
    assert "belongs to no known source" in told
    assert told.encode()


def test_a_source_declared_while_it_runs_is_said_to_need_a_restart(watch: Watch, home: Home) -> None:
    folder = home.sources / "county"
    folder.mkdir()
    (folder / "source.yml").write_text("source: county\n", encoding="utf-8")
    assert "The source county was declared after" in watch.tick()


def test_it_is_on_without_being_switched_on(watch: Watch) -> None:
    assert watch.sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert watch.sensor.minimum_interval_seconds == INTERVAL_SECONDS


def test_ten_thousand_known_files_cost_a_listing(watch: Watch, submit: Submit) -> None:
    leave_alone(submit(ROW, name="0.csv"))
    watch.take_in()
    for number in range(1, 10_000):  # of bytes that are known
        leave_alone(submit(ROW, name=f"{number}.csv"))
    watch.tick()
    begun = time.perf_counter()
    assert watch.tick() == "Nothing new lies in the inbox."
    assert time.perf_counter() - begun < 5
    assert len(json.dumps(watch.cursor)) < 100
