"""The errors of the warehouse room; the sentences for people stand in the message catalogue."""

from sources.errors import TongjiError


class WarehouseError(TongjiError):
    """Something at rest cannot be read or written as asked."""


class GateError(WarehouseError):
    """A release was refused: the last one stays current."""
