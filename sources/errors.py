"""The errors that people meet, as a code and its details. Their wording stands in the message catalogue."""


class TongjiError(Exception):
    """A problem that a person can mend, named by a dotted code.

    Attributes:
        code: what happened, such as `source.unknown_key`; the key of the message catalogue.
        details: the facts that the message names (file, field, value).
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code, details)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code}: {facts}" if facts else self.code


class SourceError(TongjiError):
    """A source is declared wrongly. Content of data files never raises; it becomes a `Reject`."""
