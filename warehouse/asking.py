"""Asking the services that are due, and keeping what they answer: in the archive first, then on the log of receipts.

Here: what becomes of an answer. Not here: how a service is asked (`sources/asking/fetch.py`), when (`responses.py`).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sources.declared.answer_layout import AnswerLayout
from sources.declared.source import Declaration
from warehouse.archive import Ledger, content_path, receipts, receive, store
from warehouse.collection import Notice
from warehouse.home import Home
from warehouse.responses import DOWN, Response, ResponseLog, due_requests
from warehouse.settings import Settings

if TYPE_CHECKING:
    from sources.asking.fetch import Asking
    from sources.asking.response import Answer, Earlier, Problem
    from sources.declared.service import Request

SHORT = 1 << 16
"""Bytes. What a service says in place of figures is shorter; a longer answer is not looked into here."""


def ask_services(
    home: Home,
    declarations: Mapping[str, Declaration],
    settings: Settings,
    pause: Callable[[float], None] = time.sleep,
) -> list[Notice]:
    """Make every request that is due, and receive what comes like a file that was sent.

    Call it under the build lock. A service that fails stops nothing.

    Args:
        home: where the archive lies.
        declarations: the sources in force.
        settings: may switch services off.
        pause: how to wait some seconds.

    Returns:
        What failed, as message codes with details.
    """
    due = due_requests(home, declarations, settings)
    if not due:
        return []
    from sources.asking.fetch import Asking  # brings the HTTP client

    log = ResponseLog(home.archive)
    notices: list[Notice] = []
    home.build.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=home.build, prefix="answers-") as folder,
        Asking(Path(folder), pause, settings.proxy) as asking,
    ):
        for name, requests in due.items():
            notices += _ask(home, declarations[name], requests, asking, log)
    return notices


def _ask(
    home: Home, declaration: Declaration, requests: list[Request], asking: Asking, log: ResponseLog
) -> Iterator[Notice]:
    assert declaration.service is not None
    source = declaration.source
    ledger = Ledger(receipts(home.archive))
    for request in requests:
        for answer in asking.answers(request, declaration.service, _earlier(home, log, source, request)):
            sha256, problem = None, answer.problem
            if answer.is_unchanged:
                before = log.good(source, request, answer.name)
                sha256 = before.sha256 if before else None
            elif answer.path:
                sha256 = store(home.archive, answer.path)
                problem = problem or _error_in(answer.path, declaration)
                if problem is None:
                    receive(home.archive, source, answer.path, ledger, "service")
            log.append(_response(source, request, answer, sha256, problem))
            if problem:
                yield problem.code, _details(source, answer, request, problem)
                if problem.code in DOWN:
                    return


def _earlier(home: Home, log: ResponseLog, source: str, request: Request) -> Callable[[str], Earlier | None]:
    from sources.asking.response import Earlier

    def earlier(file_name: str) -> Earlier | None:
        before = log.good(source, request, file_name)
        if before is None or before.sha256 is None:
            return None
        return Earlier(content_path(home.archive, before.sha256), before.etag, before.last_modified)

    return earlier


def _error_in(path: Path, declaration: Declaration) -> Problem | None:
    """What a service says with status 200 in place of figures; its bytes are in the archive when this looks."""
    if not isinstance(declaration.layout, AnswerLayout) or path.stat().st_size > SHORT:
        return None
    from sources.asking.response import Problem
    from sources.records.answer import read_answer

    for reject in read_answer(path, declaration.layout).rejects:
        if reject.code == "file.error_answer":
            return Problem("service.error_answer", reject.text or "")
    return None


def _response(
    source: str, request: Request, answer: Answer, sha256: str | None, problem: Problem | None
) -> Response:
    return Response(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        source=source,
        request=request.digest,
        file_name=answer.name,
        url=answer.url,
        status=answer.status,
        etag=answer.etag,
        last_modified=answer.last_modified,
        sha256=sha256,
        error=problem.code if problem else None,
        problem=problem.text if problem else None,
    )


def _details(source: str, answer: Answer, request: Request, problem: Problem) -> dict[str, object]:
    return {"source": source, "file": answer.name, "url": request.url, "problem": problem.text}
