"""The services that `source.yml` may declare: requests whose answers are files. How they are read, `layout` says.

Here: what is asked, how often, and how patiently. Not here: asking (`fetch.py`), keeping what was answered.
"""

import hashlib
import ipaddress
import json
import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, field_validator, model_validator

from sources.declared.answer_layout import NbsQueryLayout, WorldBankLayout
from sources.declared.part import Declared, FileLayout

DATA_TYPES: dict[str, tuple[str, ...]] = {
    ".json": ("application/json", "text/json", "text/plain", "application/vnd.sdmx.data+json"),
    ".xml": (
        "application/xml",
        "text/xml",
        "application/vnd.sdmx.data+xml",
        "application/vnd.sdmx.genericdata+xml",
        "application/vnd.sdmx.structurespecificdata+xml",
    ),
    ".csv": ("text/csv", "text/plain", "application/csv", "application/vnd.sdmx.data+csv"),
    ".tsv": ("text/tab-separated-values", "text/plain"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ".xls": ("application/vnd.ms-excel",),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet",),
}
"""The kinds of answers, by the ending of their names, and the media types that they come as. Any may come as bytes."""

BYTES = "application/octet-stream"
FILE_NAME = rf"^\w[\w.-]{{0,119}}({'|'.join(re.escape(ending) for ending in DATA_TYPES)})$"
SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie"}
OWN_HEADERS = {"host", "content-length", "transfer-encoding", "accept-encoding", "connection", "user-agent"}


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _safe(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        raise ValueError(f"is no URL: {problem}") from problem
    if not host or re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("is no URL with a host")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("must begin with https:// (http:// only for this machine)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user name or password, which a declaration must not")
    if parts.fragment:
        raise ValueError("ends with a # part, which is never sent")
    return url


Url = Annotated[str, AfterValidator(_safe)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]
HeaderText = Annotated[str, Field(pattern=r"^[ -~]*$")]
Scalar = str | int | float | bool
Fields = dict[str, Scalar | list[JsonValue] | dict[str, JsonValue]]
"""Names and values of a query or a form; a list or a mapping is sent as JSON."""


class Pages(Declared):
    """An answer in pages: each is asked for by its number and is a file of its own, `name.2.json` after `name.json`."""

    parameter: str = Field(default="page", description="the query parameter that takes the number, from 1")
    count: Annotated[str, Field(pattern=r"^(\[\d+\]|\.?\w+)+$")] = Field(
        description="where a page says how many there are, such as [0].pages"
    )
    most: Annotated[int, Field(ge=1, le=10_000)] = Field(default=100, description="more are refused")


class Request(Declared):
    """One question, whose answer is the file `name`."""

    # A declaration travels to the process that reads files, and is the same there.
    model_config = ConfigDict(serialize_by_alias=True)

    name: Annotated[str, Field(pattern=FILE_NAME)]
    url: Url
    method: Literal["GET", "POST"] | None = Field(
        default=None, description="GET, or POST where form or json is given"
    )
    query: Fields = Field(default_factory=dict)
    form: Fields | None = None
    json_body: JsonValue = Field(default=None, alias="json")
    headers: dict[HeaderName, HeaderText] = Field(default_factory=dict)
    content_types: tuple[Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]+$")], ...] = Field(
        default=(), description="media types of the answer; those of the name's ending when empty"
    )
    pages: Pages | None = None

    @field_validator("headers")
    @classmethod
    def _are_free(cls, headers: dict[str, str]) -> dict[str, str]:
        for name in headers:
            if name.lower() in SECRET_HEADERS:
                raise ValueError(f"{name} holds a credential, which a declaration must not")
            if name.lower() in OWN_HEADERS:
                raise ValueError(f"{name} is set by the program")
        return headers

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.form is not None and self.json_body is not None:
            raise ValueError("needs one of form and json, not both")
        if self.has_body and self.method == "GET":
            raise ValueError("has a form or json, which GET does not send")
        if self.pages and self.suffix != ".json":
            raise ValueError("is asked for in pages, so its name must end in .json")
        return self

    @property
    def suffix(self) -> str:
        """The ending of the name, which tells the kind of file."""
        return "." + self.name.rpartition(".")[2]

    @property
    def has_body(self) -> bool:
        """Whether something is sent beside the URL."""
        return self.form is not None or self.json_body is not None

    @property
    def verb(self) -> str:
        """The method that is used."""
        return self.method or ("POST" if self.has_body else "GET")

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types that an answer may bear."""
        return self.content_types or (*DATA_TYPES[self.suffix], BYTES)

    @property
    def digest(self) -> str:
        """What tells this question from any other: what was answered to another is no answer to this one."""
        asked = json.dumps(self.model_dump(mode="json", exclude={"content_types"}), sort_keys=True)
        return hashlib.sha256(asked.encode()).hexdigest()[:16]

    def page_name(self, number: int) -> str:
        """The file name of a page, from 1."""
        return self.name if number == 1 else f"{self.name.removesuffix(self.suffix)}.{number}{self.suffix}"


class Service(Declared):
    """Where a source is asked for its files over HTTP(S), and with how much patience."""

    requests: Annotated[tuple[Request, ...], Field(min_length=1)]
    every_hours: Annotated[float, Field(ge=1)] = Field(default=20, description="not asked again sooner")
    timeout_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=60,
        description="from the first attempt's connection to its last byte; the same for each attempt",
    )
    retries: Annotated[int, Field(ge=0, le=10)] = 3
    requests_per_minute: Annotated[float, Field(gt=0)] = 30
    max_megabytes: Annotated[float, Field(gt=0, le=1024)] = Field(
        default=64, description="of an answer, unpacked"
    )

    @field_validator("requests")
    @classmethod
    def _have_names_of_their_own(cls, requests: tuple[Request, ...]) -> tuple[Request, ...]:
        names = [request.name for request in requests]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"two have the name “{twice}”")
        return requests

    def check_answers(self, layout: FileLayout) -> None:
        """Compares what is asked for with what is read.

        Raises:
            ValueError: the answers would not be read as what they are.
        """
        for number, request in enumerate(self.requests):
            where = f"service.requests[{number}]"
            if request.suffix not in layout.endings:
                raise ValueError(f"{where}.name ends in {request.suffix}, which is not what layout reads")
            dbcode = (request.form or request.query).get("dbcode")
            if isinstance(layout, NbsQueryLayout) and dbcode != layout.dbcode:
                raise ValueError(f"{where} asks for dbcode {dbcode}, layout reads {layout.dbcode}")
            if isinstance(layout, WorldBankLayout) and bool(request.pages) != layout.in_pages:
                raise ValueError(f"{where}.pages and layout.in_pages need each other")

    @property
    def max_bytes(self) -> int:
        """The size limit of an answer in bytes."""
        return int(self.max_megabytes * (1 << 20))


def sent(fields: Fields) -> dict[str, str]:
    """The fields of a query or form as they are sent."""
    return {name: _sent(value) for name, value in fields.items()}


def _sent(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
