"""The paths under `TONGJI_HOME`: one place that knows where things are, and nothing else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BUNDLED_SOURCES = CHECKOUT / "sources"
DBT_PROJECT = CHECKOUT / "dbt_project"


@dataclass(frozen=True)
class Home:
    """The working folder of one installation.

    Everything but `archive`, `reviews`, `sources`, `registers` and `config.yml` can be deleted and is made anew.
    """

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The folder named by `TONGJI_HOME`, else `var/` in the checkout."""
        named = os.environ.get("TONGJI_HOME", "").strip()
        return cls(Path(named).expanduser().resolve() if named else CHECKOUT / "var")

    @property
    def inbox(self) -> Path:
        """Where bureaus drop files, a folder per source; read, never changed."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Every byte ever read, by sha-256, and the receipt log."""
        return self.root / "archive"

    @property
    def reviews(self) -> Path:
        """People's decisions and their evidence."""
        return self.root / "reviews"

    @property
    def sources(self) -> Path:
        """The bureau's own source folders, beside the bundled ones."""
        return self.root / "sources"

    @property
    def registers(self) -> Path:
        """What the bureau adds to the registers of targets and indices."""
        return self.root / "registers"

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.root / "config.yml"

    @property
    def build(self) -> Path:
        """Private and disposable: the working database and the tools' own files."""
        return self.root / "build"

    @property
    def database(self) -> Path:
        """The working database: one writer, never opened by analysts."""
        return self.build / "warehouse.duckdb"

    @property
    def dagster(self) -> Path:
        """The run history of the orchestrator."""
        return self.build / "dagster"

    @property
    def dbt_target(self) -> Path:
        """What dbt compiles."""
        return self.build / "dbt_target"

    @property
    def dbt_log(self) -> Path:
        """What dbt logs."""
        return self.build / "dbt_log"

    @property
    def releases(self) -> Path:
        """One folder per release, and the symlink `current`."""
        return self.root / "releases"

    @property
    def alerts(self) -> Path:
        """One JSON line per failed run."""
        return self.root / "alerts.jsonl"

    def ensure(self) -> None:
        """Make the folders that are missing."""
        for folder in (
            self.inbox, self.archive, self.reviews, self.sources, self.registers, self.build, self.releases,
        ):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)
