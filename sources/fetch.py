"""Asking a service over HTTP(S): patiently, politely, and believing nothing that it says of itself.

An answer is saved as it came before anyone looks into it. Here: one service's requests, attempts and pages. Not here:
what is due, and where answers rest (`warehouse/`), what stands in them (the readers).
"""

import random
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from sources.deadline import Deadline
from sources.record import at, parse_json
from sources.response import Answer, BodyError, Earlier, Problem, asked_to_wait, misled, no_data, save
from sources.service import Request, Service, sent

CONNECT_SECONDS, SILENT_SECONDS = 10.0, 30.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 120.0
"""Seconds before the second attempt, doubled each time; and the longest that a service may ask us to wait."""

BUSY = {429, 500, 502, 503, 504}
MOST_REDIRECTS = 5
MAX_REFUSAL = 1 << 20
"""Bytes that are kept of what comes with an error status."""


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
        self._client = httpx.Client(
            headers={
                "User-Agent": f"tongji/{version('tongji')}",
                "Accept-Encoding": "gzip",
                "Connection": "close",
            },
            verify=_trusted(),
            trust_env=False,
            proxy=proxy,
            # A connection of its own for each request: the time limit can end it at any point.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
            name = request.page_name(number)
            answer = self._patiently(request, service, number, earlier(name))
            yield answer
            if answer.problem:
                return
            if request.pages:
                known = earlier(name) if answer.is_unchanged else None
                said = _page_count(known.path if known else answer.path, request.pages.count)
                if said is None or said > request.pages.most:
                    text = f"{request.pages.count}: {said}"
                    yield replace(answer, path=None, problem=Problem("service.wrong_page_count", text))
                    return
                count = said
            number += 1

    def _patiently(self, request: Request, service: Service, number: int, earlier: Earlier | None) -> Answer:
        for attempt in range(service.retries + 1):
            self._keep_pace(request, service)
            try:
                return self._attempt(request, service, number, earlier)
            except _AgainError as failed:
                last = failed.answer
                if attempt == service.retries or failed.seconds > LONGEST_PAUSE:
                    break
                backoff = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
                # Spread out, so that not all who were turned away come back at once.
                self.pause(max(failed.seconds, backoff * random.uniform(0.5, 1)))  # noqa: S311
        return last

    def _keep_pace(self, request: Request, service: Service) -> None:
        host = urlsplit(request.url).hostname or ""
        waited = time.monotonic() - self._asked_at.get(host, float("-inf"))
        if waited < 60 / service.requests_per_minute:
            self.pause(60 / service.requests_per_minute - waited)
        self._asked_at[host] = time.monotonic()

    def _attempt(self, request: Request, service: Service, number: int, earlier: Earlier | None) -> Answer:
        answer = Answer(request.page_name(number), request.url)
        with Deadline(service.timeout_seconds) as deadline:
            try:
                question = self._question(request, service, number, earlier)
                answer = replace(answer, url=str(question.url))
                question.extensions["trace"] = deadline.notice
                answer = self._exchange(question, answer, request, service, earlier)
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, _AgainError) as problem:
                if isinstance(problem, _AgainError) and not deadline.is_over:
                    raise
                if not deadline.is_over:
                    text = str(problem) or type(problem).__name__
                    down = replace(answer, problem=Problem("service.unreachable", text))
                    raise _AgainError(down) from problem
            # Asked once more it would be as slow; and a body without a length looks whole where it was ended.
            if deadline.is_over:
                text = f"> {service.timeout_seconds:g} s"
                return replace(answer, path=None, problem=Problem("service.unreachable", text))
            return answer

    def _exchange(
        self,
        question: httpx.Request,
        answer: Answer,
        request: Request,
        service: Service,
        earlier: Earlier | None,
    ) -> Answer:
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
            return self._received(response, answer, request, service, earlier)
        finally:
            response.close()

    def _question(
        self, request: Request, service: Service, number: int, earlier: Earlier | None
    ) -> httpx.Request:
        query = sent(request.query)
        if request.pages:
            query[request.pages.parameter] = str(number)
        headers = httpx.Headers({"Accept": ", ".join(request.media_types)})
        headers.update(request.headers)
        if earlier and earlier.etag:
            headers["If-None-Match"] = earlier.etag
        if earlier and earlier.last_modified:
            headers["If-Modified-Since"] = earlier.last_modified
        patience = service.timeout_seconds
        return self._client.build_request(
            request.verb,
            httpx.URL(request.url).copy_merge_params(query),
            headers=headers,
            data=None if request.form is None else sent(request.form),
            json=request.json_body,
            timeout=httpx.Timeout(min(SILENT_SECONDS, patience), connect=min(CONNECT_SECONDS, patience)),
        )

    def _received(
        self,
        response: httpx.Response,
        answer: Answer,
        request: Request,
        service: Service,
        earlier: Earlier | None,
    ) -> Answer:
        status = response.status_code
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
            save(response, path, service.max_bytes)
            return replace(answer, path=path, problem=no_data(response, path, request))
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


def _page_count(path: Path | None, place: str) -> int | None:
    said = at(parse_json(path), place) if path else None
    return int(said) if isinstance(said, str) and said.isdecimal() and len(said) < 9 else None
