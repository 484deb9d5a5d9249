"""Everything the orchestrator runs, put together; this module holds no logic of its own."""

import dagster as dg

from expectations.rulebook import load_rules
from orchestration.assets import (
    collect_assets,
    dbt_assets,
    observation_assets,
    reference_years,
    release_asset,
    verdict_asset,
)
from orchestration.inbox import inbox_watch
from orchestration.lineage import Lineage
from orchestration.resources import Build
from orchestration.schedule import nightly_refresh
from orchestration.sensors import failure_alert
from orchestration.transformation import Transformation
from warehouse.collection import declared_sources
from warehouse.home import Home
from warehouse.settings import load_settings

REFRESH = "refresh"


def assemble(home: Home) -> dg.Definitions:
    """The definitions of one `TONGJI_HOME`."""
    home.ensure()
    declarations = declared_sources(home, load_settings(home))
    lineage = Lineage(Transformation(home).manifest(), declarations)
    years = reference_years()
    refresh = dg.define_asset_job(
        REFRESH, dg.AssetSelection.all(), description="Collect, derive, judge and release what is new."
    )
    return dg.Definitions(
        assets=[
            collect_assets(declarations),
            dbt_assets("prepare", lineage),
            observation_assets(declarations),
            dbt_assets("derive", lineage),
            verdict_asset(load_rules()),
            dbt_assets("publish", lineage),
            release_asset(lineage),
        ],
        jobs=[refresh],
        schedules=[nightly_refresh(home, REFRESH, years)],
        sensors=[inbox_watch(home, REFRESH, years, declarations), failure_alert(home)],
        resources={"build": Build(root=str(home.root))},
        executor=dg.in_process_executor,
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """The definitions of the `TONGJI_HOME` in the environment."""
    return assemble(Home.from_environment())
