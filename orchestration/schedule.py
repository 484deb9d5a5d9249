"""The nightly refresh: after midnight in China, and only when something changed."""

import dagster as dg

from orchestration.due import up_to_date_release
from warehouse.collection import declared_sources
from warehouse.home import Home
from warehouse.settings import load_settings

NIGHTLY = "0 2 * * *"
TIME_ZONE = "Asia/Shanghai"


def year_range(first: str | int, last: str | int) -> dict[str, str]:
    """The tags of a run over the reference years from `first` to `last`, both included, in one go."""
    # The tags by which Dagster itself starts a single run over a range of partitions.
    return {"dagster/asset_partition_range_start": str(first), "dagster/asset_partition_range_end": str(last)}


def nightly_refresh(home: Home, job_name: str, years: dg.StaticPartitionsDefinition) -> dg.ScheduleDefinition:
    """The schedule of a job; an unchanged night costs one digest and makes no run."""

    @dg.schedule(
        name="nightly_refresh",
        job_name=job_name,
        cron_schedule=NIGHTLY,
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Refreshes at 02:00 China time when inputs, reviews, settings or code have changed.",
    )
    def nightly_refresh() -> dg.RunRequest | dg.SkipReason:
        unchanged = up_to_date_release(home, declared_sources(home, load_settings(home)))
        if unchanged:
            return dg.SkipReason(f"nothing changed since release {unchanged.release_id}")
        first, last = years.get_first_partition_key(), years.get_last_partition_key()
        return dg.RunRequest(tags=year_range(str(first), str(last)))

    return nightly_refresh
