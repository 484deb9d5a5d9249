"""The nightly refresh: when it fires, and that an unchanged night makes no run."""

from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration import schedule
from orchestration.assets import reference_years
from orchestration.definitions import REFRESH
from warehouse.home import Home


@pytest.fixture
def nightly(home: Home) -> dg.ScheduleDefinition:
    return schedule.nightly_refresh(home, REFRESH, reference_years())


def evaluate(nightly: dg.ScheduleDefinition):
    with dg.DagsterInstance.ephemeral() as instance:
        return nightly.evaluate_tick(dg.build_schedule_context(instance))


def test_it_runs_at_two_in_the_morning_in_china_without_being_switched_on(
    nightly: dg.ScheduleDefinition,
) -> None:
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("0 2 * * *", "Asia/Shanghai")
    assert nightly.default_status == dg.DefaultScheduleStatus.RUNNING


def test_an_unchanged_night_makes_no_run(nightly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "up_to_date_release", lambda *_: SimpleNamespace(release_id="20260101"))
    tick = evaluate(nightly)
    assert not tick.run_requests
    assert tick.skip_message.startswith("nothing changed")


def test_before_the_first_release_a_run_over_all_years_is_asked_for(nightly) -> None:
    (request,) = evaluate(nightly).run_requests
    years = reference_years().get_partition_keys()
    assert request.tags["dagster/asset_partition_range_start"] == years[0]
    assert request.tags["dagster/asset_partition_range_end"] == years[-1]


def test_a_broken_declaration_fails_the_tick_and_names_the_file(nightly, home: Home) -> None:
    (home.sources / "county").mkdir()
    (home.sources / "county" / "source.yml").write_text("source: county\nsurprise: 1\n", encoding="utf-8")
    with pytest.raises(dg.DagsterError) as raised:
        evaluate(nightly)
    assert "source.unknown_key" in str(raised.value.__cause__)
