"""An answer as it came over HTTP, its body saved within a size and looked at from outside.

What stands in it is the readers' matter.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from sources.service import Request

MAGIC = {".xlsx": (b"PK\x03\x04",), ".xls": (b"\xd0\xcf\x11\xe0",), ".json": (b"{", b"[")}


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

    def __init__(self, code: str, text: str) -> None:
        self.problem = Problem(code, text)


def save(response: httpx.Response, path: Path, limit: int) -> None:
    """Writes the body, unpacked.

    Raises:
        BodyError: it is larger than the limit, ends too early, or is packed in a way that was not asked for.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise BodyError("service.no_data", f"Content-Encoding: {encoding}")
    packed = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    size = 0
    try:
        with path.open("wb") as file:
            for chunk in response.iter_raw():
                for part in _unpacked(chunk, packed):
                    size += len(part)
                    if size > limit:
                        raise BodyError("service.too_large", f"> {limit / (1 << 20):g} MB")
                    file.write(part)
    except (httpx.TransportError, zlib.error) as problem:
        raise BodyError("service.cut_off", str(problem)) from problem
    if packed and not packed.eof:
        raise BodyError("service.cut_off", "gzip")


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
    """The problem of an answer that is a page for people, or of another kind than its name says."""
    said = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    with path.open("rb") as file:
        opening = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    magic = MAGIC.get(request.suffix)
    is_other = not opening.startswith(magic) if magic else opening.startswith((b"<", *MAGIC[".json"]))
    if not opening or is_other or (said and said not in request.media_types):
        shown = opening[:40].decode("utf-8", "replace").split("\n")[0]
        return Problem("service.no_data", f"{said or '–'}, “{shown}”")
    return None
