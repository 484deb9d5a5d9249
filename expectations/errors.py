"""The error of this room; its wording stands in the message catalogue."""

from sources.errors import TongjiError


class ExpectationError(TongjiError):
    """A rule cannot be read, cannot be carried out, or its verdict cannot be trusted; nothing is released then."""
