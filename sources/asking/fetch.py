"""Asking a service over HTTP(S): patiently, politely, and believing nothing that it says of itself.

An answer is saved as it came before anyone looks into it. Here: one service's requests, attempts and pages. Not here:
what is due, and where answers rest (`warehouse/`), what stands in them (the readers).
"""

import random
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx

from sources.asking.deadline import Deadline
from sources.asking.response import (
    Answer,
    BodyError,
    Earlier,
    Problem,
    asked_to_wait,
    misled,
    no_data,
    page_count,
    save,
)
from sources.declared.service import Request, Service, sent

CONNECT_SECONDS, SILENT_SECONDS = 10.0, 30.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 120.0
"""Seconds before the second attempt, doubled each time; and the longest that a service may ask us to wait."""

BUSY = {429, 500, 502, 503, 504}
MOST_REDIRECTS = 5
MAX_REFUSAL = 1 << 20
"""Bytes that are kept of what comes with an error status."""


@dataclass(frozen=True)
class _Page:
    """One page of one file of a service, and what is known of it."""

    service: Service
    request: Request
    number: int
    earlier: Earlier | None


class _AgainError(Exception):
    """An attempt that may go better the next time, after so many seconds at least."""

    def __init__(self, answer: Answer, seconds: float = 0) -> None:
        self.answer = answer
        self.seconds = seconds


class Asking:
    """Connections to services. They see what is declared, and nothing of this machine's environment."""

    def __init__(
        self, folder: Path, pause: Callable[[float], None] = time.sleep, proxy: str | None = None
    ) -> None:
        """Opens nothing yet.

        Args:
            folder: where answers are saved.
            pause: how to wait some seconds.
            proxy: URL of the proxy to go through.
        """
        self.folder = folder
        self.pause = pause
        self._asked_at: dict[str, float] = {}
        agent = f"tongji/{version('tongji')}"
        self._client = httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Connection": "close"},
            verify=_trusted(),
            trust_env=False,
            proxy=proxy,
            # A connection of its own for each request: the time limit can end it at any point.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def answers(
        self, request: Request, service: Service, earlier: Callable[[str], Earlier | None]
    ) -> Iterator[Answer]:
        """Asks for a file, page by page where it comes in pages; nothing after a page that did not come.

        The number of pages is looked up in a page only after it was handed on.

        Args:
            request: what to ask.
            service: with how much patience.
            earlier: what is known of the file of a name.
        """
        number = count = 1
        while number <= count:
            known = earlier(request.page_name(number))
            answer = self._patiently(_Page(service, request, number, known))
            yield answer
            if answer.problem:
                return
            if request.pages:
                path = known.path if known and answer.is_unchanged else answer.path
                said = page_count(path, request.pages.count)
                if said is None or said > request.pages.most:
                    text = f"{request.pages.count}: {said}"
                    yield replace(answer, path=None, problem=Problem("service.wrong_page_count", text))
                    return
                count = said
            number += 1

    def _patiently(self, page: _Page) -> Answer:
        for attempt in range(page.service.retries + 1):
            self._keep_pace(page)
            try:
                return self._attempt(page)
            except _AgainError as failed:
                last = failed.answer
                if attempt == page.service.retries or failed.seconds > LONGEST_PAUSE:
                    break
                backoff = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
                # Spread out, so that not all who were turned away come back at once.
                self.pause(max(failed.seconds, backoff * random.uniform(0.5, 1)))  # noqa: S311
        return last

    def _keep_pace(self, page: _Page) -> None:
        host = urlsplit(page.request.url).hostname or ""
        pace = 60 / page.service.requests_per_minute
        waited = time.monotonic() - self._asked_at.get(host, float("-inf"))
        if waited < pace:
            self.pause(pace - waited)
        self._asked_at[host] = time.monotonic()

    def _attempt(self, page: _Page) -> Answer:
        answer = Answer(page.request.page_name(page.number), page.request.url)
        with Deadline(page.service.timeout_seconds) as deadline:
            try:
                question = self._question(page)
                answer = replace(answer, url=str(question.url))
                question.extensions["trace"] = deadline.notice
                answer = self._exchange(question, answer, page)
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, _AgainError) as problem:
                if isinstance(problem, _AgainError) and not deadline.is_over:
                    raise
                if not deadline.is_over:
                    text = str(problem) or type(problem).__name__
                    down = replace(answer, problem=Problem("service.unreachable", text))
                    raise _AgainError(down) from problem
            # Asked once more it would be as slow; and a body without a length looks whole where it was ended.
            if deadline.is_over:
                text = f"> {page.service.timeout_seconds:g} s"
                return replace(answer, path=None, problem=Problem("service.unreachable", text))
            return answer

    def _exchange(self, question: httpx.Request, answer: Answer, page: _Page) -> Answer:
        response = self._client.send(question, stream=True)
        for _ in range(MOST_REDIRECTS):
            if response.next_request is None:
                break
            response.close()
            problem = misled(response.next_request.url, question.url)
            if problem:
                return replace(answer, status=response.status_code, problem=problem)
            response = self._client.send(response.next_request, stream=True)
        try:
            return self._received(response, answer, page)
        finally:
            response.close()

    def _question(self, page: _Page) -> httpx.Request:
        request, earlier = page.request, page.earlier
        query = sent(request.query)
        if request.pages:
            query[request.pages.parameter] = str(page.number)
        headers = httpx.Headers({"Accept": ", ".join(request.media_types)})
        headers.update(request.headers)
        if earlier and earlier.etag:
            headers["If-None-Match"] = earlier.etag
        if earlier and earlier.last_modified:
            headers["If-Modified-Since"] = earlier.last_modified
        patience = page.service.timeout_seconds
        return self._client.build_request(
            request.verb,
            httpx.URL(request.url).copy_merge_params(query),
            headers=headers,
            data=None if request.form is None else sent(request.form),
            json=request.json_body,
            timeout=httpx.Timeout(min(SILENT_SECONDS, patience), connect=min(CONNECT_SECONDS, patience)),
        )

    def _received(self, response: httpx.Response, answer: Answer, page: _Page) -> Answer:
        status, earlier = response.status_code, page.earlier
        answer = replace(
            answer,
            status=status,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )
        if response.next_request is not None:
            return replace(answer, problem=Problem("service.redirected", f"> {MOST_REDIRECTS}"))
        if status == httpx.codes.NOT_MODIFIED and earlier:
            return replace(
                answer,
                etag=answer.etag or earlier.etag,
                last_modified=answer.last_modified or earlier.last_modified,
            )
        path = self.folder / answer.name
        if status != httpx.codes.OK:
            return _refused(response, answer, path)
        try:
            save(response, path, page.service.max_bytes)
            return replace(answer, path=path, problem=no_data(response, path, page.request))
        except BodyError as broken:
            answer = replace(answer, problem=broken.problem)
            if broken.problem.code == "service.cut_off":
                raise _AgainError(answer) from broken
            return answer


def _trusted() -> ssl.SSLContext:
    """The usual authorities, and those that the keeper of this machine trusts."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _refused(response: httpx.Response, answer: Answer, path: Path) -> Answer:
    """An answer that says no, with what it says; one that says not now is to be asked for again."""
    is_busy = response.status_code in BUSY
    code = "service.busy" if is_busy else "service.refused"
    answer = replace(answer, problem=Problem(code, f"HTTP {response.status_code}"))
    with suppress(BodyError, httpx.HTTPError):
        save(response, path, MAX_REFUSAL)
        answer = replace(answer, path=path)
    if is_busy:
        raise _AgainError(answer, asked_to_wait(response))
    return answer
