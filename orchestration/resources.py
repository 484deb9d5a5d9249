"""What the steps of a run share: the build database and the dbt project, under one lock for the whole run."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from orchestration.failure import explained
from orchestration.history import end_dead_runs
from orchestration.transformation import Transformation
from warehouse.build import open_build
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.settings import Settings, load_settings

# The pool of the one writer: steps of any run that write the build database take turns.
WRITER = "build_database"


class Build(dg.ConfigurableResource[Any]):
    """The build database of one `TONGJI_HOME`, held by one run at a time."""

    root: str
    _transformation: Transformation | None = PrivateAttr(default=None)

    @property
    def home(self) -> Home:
        """The folder that everything lies in."""
        return Home(Path(self.root))

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return load_settings(self.home)

    @property
    def transformation(self) -> Transformation:
        """The dbt project, parsed once a run."""
        if self._transformation is None:
            self._transformation = Transformation(self.home)
        return self._transformation

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the build database; close it before dbt opens its own."""
        connection = open_build(self.home, self.settings)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Build"]:
        """Hold the lock from the first step of a run to the last.

        Raises:
            WarehouseError: `build.locked` when another refresh runs.
        """
        with ExitStack() as held:
            with explained():
                held.enter_context(build_lock(self.home))
            if context.instance and context.run:
                end_dead_runs(context.instance, context.run.run_id)
            yield self
