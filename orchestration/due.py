"""Whether there is anything to do: answered before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Mapping

from sources.declared.source import Declaration
from warehouse.digest import input_digest
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.manifest import Manifest, current
from warehouse.responses import due_requests
from warehouse.settings import load_settings


def up_to_date_release(home: Home, declarations: Mapping[str, Declaration]) -> Manifest | None:
    """The current release when it was made from exactly what is there now and no service is due, else None.

    One whose manifest is damaged answers for nothing: a new release mends that.
    """
    try:
        manifest = current(home)
    except WarehouseError:
        return None
    if manifest is None or manifest.input_digest != input_digest(home, declarations):
        return None
    return None if due_requests(home, declarations, load_settings(home)) else manifest
