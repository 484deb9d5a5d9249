"""A batch of files taken in the real way, in a process of its own whose memory can be measured.

Called with the home; prints as JSON what became of every file, and the peak memory of this process and of its readers.
"""

import json
import resource
import sys
from pathlib import Path

from sources.catalog import find_sources
from sources.guard.limits import Limits
from warehouse.build import open_build
from warehouse.collection import receive
from warehouse.home import BUNDLED_SOURCES, Home
from warehouse.raw import load


def own_peak_mb() -> int:
    """The peak memory of this program; `ru_maxrss` would count what the process was before it became this program."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) >> 10 for line in status.splitlines() if line.startswith("VmHWM:"))


def main(root: str) -> None:
    home = Home(Path(root))
    submission = find_sources([BUNDLED_SOURCES])["submission"]
    intake = receive(home, {"submission": submission})
    with open_build(home) as connection:
        load(connection, home, submission, Limits(seconds=20))
        files = connection.execute("""
            select file_name, cells, list(reason) filter (reason is not null), list(raw_text)
            from raw.file left join raw.reject using (file_id) group by all""").fetchall()
    peaks = [own_peak_mb(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10]
    notices = [
        (code, {name: str(told) for name, told in details.items()}) for code, details in intake.notices
    ]
    print(json.dumps({"files": files, "notices": notices, "peak_mb": peaks}))


if __name__ == "__main__":
    main(sys.argv[1])
