"""The log of what services answered, and which of their requests are due.

Looked at before anything heavy is imported, so nothing here knows HTTP. Here: remembering. Not here: asking
(`asking.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sources.declared.service import Request
from sources.declared.source import Declaration
from warehouse.archive import append_line, content_path
from warehouse.home import Home
from warehouse.settings import Settings

RESPONSE_LOG = "responses.jsonl"

AFTER_FAILURE = timedelta(minutes=15)
"""For so long a request that failed is not made again."""

DOWN = {"service.unreachable", "service.busy"}
"""What would meet any other request of the same service too."""


@dataclass(frozen=True)
class Response:
    """What came of asking once.

    Attributes:
        time: UTC in ISO 8601.
        source: the source that was asked for.
        request: digest of the question; an answer to another question of the same name is none to this.
        file_name: the file that was to come.
        url: what was asked.
        status: of HTTP, None without an answer.
        etag: by which the service recognises the bytes.
        last_modified: when they changed, as the service writes it.
        sha256: the bytes in the archive, also of an answer that was refused.
        error: code of the problem; None for an answer that can be read.
        problem: its text.
    """

    time: str
    source: str
    request: str
    file_name: str
    url: str
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    error: str | None = None
    problem: str | None = None

    def is_younger_than(self, age: timedelta) -> bool:
        """Whether it came less than `age` ago; one from the future says nothing."""
        since = datetime.now(UTC) - datetime.fromisoformat(self.time)
        return timedelta(0) <= since < age


class ResponseLog:
    """The log of one archive, and what the last responses in it were."""

    def __init__(self, archive: Path) -> None:
        """Reads the log.

        A broken line is passed over: without it a service is asked once more, and nothing is lost.
        """
        self._archive = archive
        self._last: dict[tuple[str, str], Response] = {}
        self._last_of_source: dict[str, Response] = {}
        self._good: dict[tuple[str, str, str], Response] = {}
        for response in _logged(archive / RESPONSE_LOG):
            self._remember(response)

    def append(self, response: Response) -> None:
        """Put a response on record."""
        self._archive.mkdir(parents=True, exist_ok=True)
        append_line(self._archive / RESPONSE_LOG, json.dumps(asdict(response), ensure_ascii=False))
        self._remember(response)

    def is_due(self, declaration: Declaration, request: Request) -> bool:
        """Whether it is time to make a request."""
        assert declaration.service is not None
        latest = self._last_of_source.get(declaration.source)
        if latest and latest.error in DOWN and latest.is_younger_than(AFTER_FAILURE):
            return False
        last = self._last.get((declaration.source, request.digest))
        every = timedelta(hours=declaration.service.every_hours)
        return last is None or not last.is_younger_than(AFTER_FAILURE if last.error else every)

    def good(self, source: str, request: Request, file_name: str) -> Response | None:
        """The last response to a request whose bytes could be read and are still in the archive."""
        found = self._good.get((source, request.digest, file_name))
        return found if found and content_path(self._archive, found.sha256 or "").exists() else None

    def _remember(self, response: Response) -> None:
        self._last[response.source, response.request] = response
        self._last_of_source[response.source] = response
        if response.sha256 and not response.error:
            self._good[response.source, response.request, response.file_name] = response


def due_requests(
    home: Home, declarations: Mapping[str, Declaration], settings: Settings
) -> dict[str, list[Request]]:
    """The requests that it is time to make, by source; none when services are switched off."""
    asked = {name: one for name, one in declarations.items() if one.service and settings.services}
    if not asked:
        return {}
    log = ResponseLog(home.archive)
    due = {
        name: [request for request in one.service.requests if log.is_due(one, request)]
        for name, one in asked.items()
        if one.service
    }
    return {name: requests for name, requests in due.items() if requests}


def _logged(path: Path) -> Iterator[Response]:
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            response = Response(**json.loads(line))
            response.is_younger_than(AFTER_FAILURE)
        except (ValueError, TypeError):
            continue
        yield response
