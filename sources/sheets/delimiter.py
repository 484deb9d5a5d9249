"""What stands between two fields of a text table. Light, since it is asked wherever a bureau's own tables are read."""

DELIMITERS = (",", ";", "\t")
"""As programs save tables: which one depends on the country that a machine is set to."""


def delimiter_of(text: str) -> str:
    """The delimiter of a table that opens with its header, none of whose names holds one."""
    header = text.lstrip(" \r\n").partition("\n")[0]
    return max(DELIMITERS, key=header.count)
