"""The settings of one installation, read from `config.yml`; unknown keys are refused."""

from __future__ import annotations

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sources.guard.limits import Limits
from warehouse.errors import WarehouseError
from warehouse.home import Home


class Approval(BaseModel):
    """Who decides on quality flags."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    second_person: bool = Field(False, description="a decision waits until another account confirms it")
    shared_login: bool = Field(
        False, description="people share one account of the system, and TONGJI_ACCOUNT says who decides"
    )


class Settings(BaseModel):
    """What a bureau may set. Every setting has a default, so that no file is needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bundled: bool = Field(True, description="load the sources that come with the checkout")
    services: bool = Field(True, description="ask the services that sources declare; off: no network at all")
    proxy: str | None = Field(
        None, pattern=r"^https?://\S+$", description="the proxy through which services are asked"
    )
    memory_limit: str = Field("3GB", pattern=r"^\d+(\.\d+)?(MB|GB)$", description="DuckDB's memory limit")
    threads: int = Field(2, ge=1, le=256, description="threads of the build database")
    reading: Limits = Field(Limits(), description="what one file may cost")
    approval: Approval = Field(Approval.model_validate({}), description="who decides on quality flags")


def load_settings(home: Home) -> Settings:
    """The settings in force.

    Raises:
        WarehouseError: `config.invalid`, naming file, field and problem.
    """
    try:
        text = home.config.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings.model_validate({})
    try:
        return Settings.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        problem = str(error).splitlines()[0]
        raise WarehouseError("config.invalid", file=home.config, field="-", problem=problem) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "-"
        raise WarehouseError("config.invalid", file=home.config, field=field, problem=first["msg"]) from error
