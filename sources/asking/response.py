"""An answer as it came over HTTP, its body saved within a size and looked at from outside.

What stands in it is the readers' matter.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

from sources.declared.service import Request
from sources.records.record import at, parse_json

MAX_PAGE = 8 << 20
"""Bytes of a page whose count is looked up; parsed, it takes up to thirty times as much."""

ZIP = b"PK\x03\x04"
MAGIC = {
    ".xlsx": (ZIP,),
    ".ods": (ZIP,),
    ".xls": (b"\xd0\xcf\x11\xe0",),
    ".json": (b"{", b"["),
    ".xml": (b"<",),
}
LAST = {".json": (b"}", b"]"), ".xml": (b">",)}
PAGE = re.compile(rb"<(!doctype\s+)?html", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """Why an answer is none: `code` stands in the message catalogue."""

    code: str
    text: str


@dataclass(frozen=True)
class Earlier:
    """What was answered to the same question before: its bytes, and how the service recognises them."""

    path: Path
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came of asking for one file.

    Attributes:
        name: the file's name.
        url: what was asked, with its query.
        path: the bytes, unpacked; None when none came whole.
        status: of HTTP; None when there was no answer.
        etag: by which the service recognises these bytes.
        last_modified: when the service says it changed them, as it writes that.
        problem: None for an answer that can be read.
    """

    name: str
    url: str
    path: Path | None = None
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    problem: Problem | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the bytes are those that were there before."""
        return self.status == httpx.codes.NOT_MODIFIED and self.problem is None


class BodyError(Exception):
    """Bytes that do not come whole or are too many."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def save(response: httpx.Response, path: Path, limit: int) -> None:
    """Writes the body, unpacked.

    Raises:
        BodyError: it is larger than the limit, ends too early, or is packed in a way that was not asked for.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise BodyError(Problem("service.no_data", f"Content-Encoding: {encoding}"))
    packed = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    size = 0
    try:
        with path.open("wb") as file:
            for chunk in response.iter_raw():
                for part in _unpacked(chunk, packed):
                    size += len(part)
                    if size > limit:
                        raise BodyError(Problem("service.too_large", f"> {limit / (1 << 20):g} MB"))
                    file.write(part)
    except (httpx.TransportError, zlib.error) as problem:
        raise BodyError(Problem("service.cut_off", str(problem))) from problem
    if packed and not packed.eof:
        raise BodyError(Problem("service.cut_off", "gzip"))


def _unpacked(chunk: bytes, packed: Any) -> Iterator[bytes]:
    """The bytes of a chunk, in parts that fit in memory however small the chunk is."""
    if packed is None:
        yield chunk
        return
    while chunk:
        yield packed.decompress(chunk, 1 << 20)
        if packed.eof and packed.unused_data:
            raise zlib.error("bytes after the end")
        chunk = packed.unconsumed_tail


def no_data(response: httpx.Response, path: Path, request: Request) -> Problem | None:
    """The problem of an answer that is a page for people, or of another kind than its name says.

    Raises:
        BodyError: it is of that kind, but its end is missing: a body without a length can break off unseen.
    """
    said = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    with path.open("rb") as file:
        opening = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
        file.seek(max(0, path.stat().st_size - 512))
        ending = file.read().rstrip()
    magic = MAGIC.get(request.suffix)
    is_other = not opening.startswith(magic) if magic else opening.startswith((b"<", *MAGIC[".json"]))
    if not opening or is_other or PAGE.match(opening) or (said and said not in request.media_types):
        shown = opening[:40].decode("utf-8", "replace").split("\n")[0]
        return Problem("service.no_data", f"{said or '–'}, “{shown}”")
    if not ending.endswith(LAST.get(request.suffix, b"")):
        raise BodyError(Problem("service.cut_off", request.suffix.removeprefix(".").upper()))
    return None


def misled(target: httpx.URL, origin: httpx.URL) -> Problem | None:
    """The problem of a redirect to another host than `source.yml` names, or away from TLS."""
    if target.host == origin.host and target.scheme in ("https", origin.scheme):
        return None
    return Problem("service.redirected", f"{target.scheme}://{target.host}")


def asked_to_wait(response: httpx.Response) -> float:
    """The seconds of `Retry-After`, a number or a date; 0 when it says nothing."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    with suppress(ValueError):
        moment = parsedate_to_datetime(said)
        wait: float = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
        return max(0.0, wait)
    return 0


def page_count(path: Path | None, place: str) -> int | None:
    """How many pages a page says there are; None when it does not say so."""
    if path is None or path.stat().st_size > MAX_PAGE:
        return None
    said = at(parse_json(path), place)
    return int(said) if isinstance(said, str) and said.isdecimal() and len(said) < 9 else None
