"""What lies in an inbox and is no file, or has a name that deceives."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

SUBMISSION = (
    "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE\n110000,{year},gdp,total,1,CNY\n"
)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket may have a hundred bytes
        one.bind(path.name)
        os.chdir(here)


def _text(path: Path) -> None:
    path.write_text(SUBMISSION.format(year=1900), encoding="utf-8")


NO_FILES: dict[str, Callable[[Path], None]] = {
    "link_outside.csv": lambda path: path.symlink_to("/etc/passwd"),
    "link_up.csv": lambda path: path.symlink_to("../../config.yml"),
    "link_to_nothing.csv": lambda path: path.symlink_to("nowhere.csv"),
    "link_to_itself.csv": lambda path: path.symlink_to(path.name),
    "link_to_folder.csv": lambda path: path.symlink_to("/etc"),
    "link_to_device.csv": lambda path: path.symlink_to("/dev/zero"),
    "pipe.csv": os.mkfifo,
    "socket.csv": _socket,
}
"""Each gets one notice `inbox.no_file` and is never opened."""

NAMES = {
    "line": "a\nb.csv",
    "escape": "a\x1b[2Jb.csv",
    "reversed": "a\u202excsv.exe.csv",
    "mark": "a\u200eb.csv",
    "bytes": os.fsdecode(b"a\xff\xfe.csv"),
    "tab": "a\tb.csv",
}
"""Each gets one notice `inbox.unsafe_name`."""

HONEST_NAMES = [
    "-rf.csv",
    "a b　c.csv",
    "$(touch x).csv",
    "'; drop table cell; --.csv",
    "x..%2f..%2fx.csv",
    "长" * 80 + ".csv",
]
"""Odd, but readable: these load."""


def fill(folder: Path) -> None:
    """Puts all of that into the inbox of a source."""
    for name, make in NO_FILES.items():
        make(folder / name)
    for name in NAMES.values():
        _text(folder / name)
    for year, name in enumerate(HONEST_NAMES, start=1950):
        (folder / name).write_text(SUBMISSION.format(year=year), encoding="utf-8")
