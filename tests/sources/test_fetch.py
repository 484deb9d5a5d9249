"""Asking a service that behaves, and one that does not."""

import gzip
import json
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest

from sources.asking.fetch import Asking
from sources.asking.response import Answer, Earlier, misled
from sources.declared.service import Service
from tests.conftest import require
from tests.serving import Asked, Reply, Serving

BODY = b'{"figures": [1, 2]}'
PAGE = b"<!DOCTYPE html><title>403</title>"


class Fetching:
    """One request of a service, made; what was waited for is noted instead of waited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pauses: list[float] = []
        self.earlier: dict[str, Earlier] = {}

    def all(
        self, url: str, name: str = "a.json", request: dict[str, Any] | None = None, **keys: Any
    ) -> list[Answer]:
        patience = {"timeout_seconds": 5, "requests_per_minute": 1e9} | keys
        asked = {"name": name, "url": url} | (request or {})
        service = Service.model_validate({"requests": [asked]} | patience)
        with Asking(self.folder, self.pauses.append) as asking:
            return list(asking.answers(service.requests[0], service, self.earlier.get))

    def one(self, url: str, *arguments: Any, **keys: Any) -> Answer:
        (answer,) = self.all(url, *arguments, **keys)
        return answer


@pytest.fixture
def fetch(tmp_path: Path) -> Fetching:
    return Fetching(tmp_path)


def problem(answer: Answer) -> str:
    assert answer.problem, answer
    return answer.problem.code


def test_an_answer_is_saved_as_it_came(serving: Serving, fetch: Fetching) -> None:
    url = serving.serve(
        "/a", Reply(BODY, headers={"ETag": '"7"', "Last-Modified": "Mon, 02 Mar 2026 00:00:00 GMT"})
    )
    answer = fetch.one(url)
    assert answer.problem is None
    assert answer.path is not None
    assert answer.path.read_bytes() == BODY
    assert (answer.status, answer.etag, answer.last_modified) == (200, '"7"', "Mon, 02 Mar 2026 00:00:00 GMT")


def test_we_say_who_we_are_and_nothing_of_the_machine(
    serving: Serving, fetch: Fetching, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    fetch.one(serving.serve("/a", Reply(BODY)), request={"headers": {"accept": "text/x"}})
    (asked,) = serving.asked
    assert asked.headers.pop("host").startswith("127.0.0.1:")
    assert asked.headers == {
        "user-agent": f"tongji/{version('tongji')}",
        "accept": "text/x",
        "accept-encoding": "gzip",
        "connection": "close",
    }


def test_a_form_and_a_body_in_json_are_sent_as_declared(serving: Serving, fetch: Fetching) -> None:
    url = serving.serve("/a", Reply(BODY))
    place = [{"wdcode": "reg", "valuecode": "110000"}]
    fetch.one(url + "?h=1", request={"query": {"k": "年"}, "form": {"m": "QueryData", "wds": place}})
    fetch.one(url, request={"json": {"dts": ["2018YY-2023YY"], "daCatalogId": ""}})
    form, body = serving.asked
    assert (form.method, form.query) == ("POST", {"h": ["1"], "k": ["年"]})
    assert (
        form.body == b"m=QueryData&wds=%5B%7B%22wdcode%22%3A%22reg%22%2C%22valuecode%22%3A%22110000%22%7D%5D"
    )
    assert (body.method, json.loads(body.body)) == ("POST", {"dts": ["2018YY-2023YY"], "daCatalogId": ""})


def test_a_service_that_is_busy_is_asked_again_after_growing_pauses(
    serving: Serving, fetch: Fetching
) -> None:
    url = serving.serve("/a", Reply(b"", 500), Reply(b"", 502), Reply(b"", 503), Reply(BODY))
    assert fetch.one(url, retries=3).problem is None
    assert len(serving.asked) == 4
    assert all(low <= pause <= 2 * low for pause, low in zip(fetch.pauses, [0.5, 1, 2], strict=True))


def test_asking_ends_after_the_declared_attempts(serving: Serving, fetch: Fetching) -> None:
    answer = fetch.one(serving.serve("/a", Reply(b"busy", 503)), retries=2)
    assert problem(answer) == "service.busy"
    assert len(serving.asked) == 3
    assert answer.path is not None
    assert answer.path.read_bytes() == b"busy"


def test_the_pause_that_a_service_asks_for_is_kept(serving: Serving, fetch: Fetching) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    url = serving.serve(
        "/a",
        Reply(b"", 429, headers={"Retry-After": "17"}),
        Reply(b"", 429, headers={"Retry-After": later}),
        Reply(b"", 429, headers={"Retry-After": "soon"}),
        Reply(BODY),
    )
    assert fetch.one(url).problem is None
    assert fetch.pauses[0] == 17
    assert 50 < fetch.pauses[1] <= 60
    assert fetch.pauses[2] <= 4


def test_who_asks_for_a_longer_pause_is_left_alone(serving: Serving, fetch: Fetching) -> None:
    answer = fetch.one(serving.serve("/a", Reply(b"", 429, headers={"Retry-After": "3600"}), Reply(BODY)))
    assert problem(answer) == "service.busy"
    assert len(serving.asked) == 1
    assert fetch.pauses == []


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410])
def test_a_refusal_is_not_argued_with(serving: Serving, fetch: Fetching, status: int) -> None:
    answer = fetch.one(serving.serve("/a", Reply(b"", status)))
    assert (problem(answer), answer.status) == ("service.refused", status)
    assert len(serving.asked) == 1


def test_an_answer_that_breaks_off_is_asked_for_again(serving: Serving, fetch: Fetching) -> None:
    assert fetch.one(serving.serve("/a", Reply(BODY, manner="cut"), Reply(BODY))).problem is None
    answer = fetch.one(serving.serve("/b", Reply(BODY, manner="cut")), retries=1)
    assert problem(answer) == "service.cut_off"
    assert answer.path is None
    without_length = Reply(BODY, manner="cut", headers={"Content-Length": None})
    assert problem(fetch.one(serving.serve("/c", without_length), retries=1)) == "service.cut_off"
    assert len(serving.asked) == 6


def test_packed_bytes_that_break_off_are_noticed(serving: Serving, fetch: Fetching) -> None:
    """Without a length, only the packing knows its end."""
    packed = gzip.compress(BODY)
    headers = {"Content-Encoding": "gzip"}
    whole = serving.serve("/a", Reply(packed, headers=headers))
    assert fetch.one(whole).path.read_bytes() == BODY  # type: ignore[union-attr]
    for broken in (packed[:-9], packed + b"more", b"\x1f\x8b nonsense"):
        answer = fetch.one(serving.serve("/b", Reply(broken, headers=headers)), retries=0)
        assert problem(answer) == "service.cut_off"


def test_a_service_that_hangs_up_is_unreachable_in_the_end(serving: Serving, fetch: Fetching) -> None:
    answer = fetch.one(serving.serve("/a", Reply(manner="hang_up")), retries=1)
    assert problem(answer) == "service.unreachable"
    assert len(serving.asked) == 2
    serving.close()
    assert problem(fetch.one(serving.url + "/a", retries=0)) == "service.unreachable"


@pytest.mark.parametrize("length", ["1001", None])
@pytest.mark.parametrize("manner", ["drip", "slow"])
def test_a_byte_now_and_then_does_not_buy_time(
    serving: Serving, fetch: Fetching, manner: str, length: str | None
) -> None:
    """No read waits for long, so only the limit of the whole ends it; and who is that slow is not asked again."""
    url = serving.serve("/a", Reply(b"[" + b"]" * 1000, manner=manner, headers={"Content-Length": length}))
    began = time.monotonic()
    answer = fetch.one(url, timeout_seconds=0.4, retries=3)
    assert problem(answer) == "service.unreachable"
    assert 0.3 < time.monotonic() - began < 3
    assert len(serving.asked) == 1


def test_an_answer_over_the_limit_is_not_taken(serving: Serving, fetch: Fetching) -> None:
    big = b"[" + b"1," * 100_000 + b"1]"
    answer = fetch.one(serving.serve("/a", Reply(big)), max_megabytes=0.1)
    assert (problem(answer), answer.path) == ("service.too_large", None)
    assert fetch.one(serving.serve("/a", Reply(big)), max_megabytes=1).problem is None


def test_a_bomb_is_stopped_at_the_limit_of_what_it_becomes(serving: Serving, fetch: Fetching) -> None:
    bomb = gzip.compress(b"[" + b" " * (64 << 20))
    assert len(bomb) < 1 << 17
    answer = fetch.one(
        serving.serve("/a", Reply(bomb, headers={"Content-Encoding": "gzip"})), max_megabytes=1
    )
    assert problem(answer) == "service.too_large"
    assert (fetch.folder / "a.json").stat().st_size <= 1 << 20
    twice = Reply(gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"})
    assert problem(fetch.one(serving.serve("/b", twice))) == "service.no_data"


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("a.json", Reply(PAGE, content_type="text/html")),
        ("a.json", Reply(PAGE)),
        ("a.json", Reply(b"\xef\xbb\xbf  " + PAGE)),
        ("a.json", Reply(BODY, content_type="text/html; charset=utf-8")),
        ("a.json", Reply(b"", content_type=None)),
        ("a.csv", Reply(PAGE, content_type="text/csv")),
        ("a.csv", Reply(b'{"error": "quota"}', content_type="text/plain")),
        ("a.csv", Reply(b"a,b", content_type="application/pdf")),
        ("a.xlsx", Reply(b"a,b", content_type=None)),
        ("a.ods", Reply(PAGE, content_type=None)),
        ("a.xml", Reply(PAGE, content_type="application/xml")),
        ("a.xml", Reply(b"<HTML><body>", content_type="text/xml")),
        ("a.xml", Reply(BODY, content_type="application/xml")),
    ],
)
def test_what_is_no_data_is_refused_whatever_it_is_called(
    serving: Serving, fetch: Fetching, name: str, reply: Reply
) -> None:
    answer = fetch.one(serving.serve("/a", reply), name)
    assert problem(answer) == "service.no_data"
    assert answer.path is not None
    assert answer.path.read_bytes() == reply.body
    assert len(serving.asked) == 1


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("a.csv", Reply("\ufeff地区,2020\n".encode(), content_type="text/csv;charset=utf-8")),
        ("a.csv", Reply("地区,2020\n".encode("gb18030"), content_type="application/octet-stream")),
        ("a.xlsx", Reply(b"PK\x03\x04 ...", content_type=None)),
        ("a.ods", Reply(b"PK\x03\x04 ...", content_type="application/vnd.oasis.opendocument.spreadsheet")),
        ("a.json", Reply(b" [1]", content_type="text/plain")),
        ("a.json", Reply(BODY, content_type="application/vnd.sdmx.data+json;version=1.0.0")),
        ("a.xml", Reply(b"\xef\xbb\xbf<?xml version='1.0'?><a/>", content_type="application/xml")),
        ("a.xml", Reply(b"<a></a>\n", content_type="application/vnd.sdmx.genericdata+xml; version=2.1")),
    ],
)
def test_data_is_taken_under_the_usual_names(
    serving: Serving, fetch: Fetching, name: str, reply: Reply
) -> None:
    assert fetch.one(serving.serve("/a", reply), name).problem is None


def test_a_declared_media_type_holds(serving: Serving, fetch: Fetching) -> None:
    url = serving.serve("/a", Reply(BODY, content_type="text/html"))
    assert fetch.one(url, request={"content_types": ["text/html"]}).problem is None


def test_a_redirect_to_the_same_host_is_followed(serving: Serving, fetch: Fetching) -> None:
    serving.serve("/b", Reply(BODY))
    url = serving.serve("/a", Reply(b"", 307, headers={"Location": "/b"}))
    assert fetch.one(url, request={"form": {"a": 1}}).problem is None
    assert [(asked.method, asked.path, asked.body) for asked in serving.asked] == [
        ("POST", "/a", b"a=1"),
        ("POST", "/b", b"a=1"),
    ]


def test_redirects_that_lead_nowhere_end(serving: Serving, fetch: Fetching) -> None:
    serving.serve("/b", Reply(b"", 302, headers={"Location": "/a"}))
    answer = fetch.one(serving.serve("/a", Reply(b"", 302, headers={"Location": "/b"})))
    assert problem(answer) == "service.redirected"
    assert len(serving.asked) == 6


@pytest.mark.parametrize("place", ["http://localhost:{port}/b", "https://data.example.cn/b"])
def test_a_redirect_to_another_host_is_not_followed(serving: Serving, fetch: Fetching, place: str) -> None:
    serving.serve("/b", Reply(BODY))
    location = place.format(port=serving.url.rpartition(":")[2])
    answer = fetch.one(serving.serve("/a", Reply(b"", 302, headers={"Location": location})))
    assert problem(answer) == "service.redirected"
    assert [asked.path for asked in serving.asked] == ["/a"]


@pytest.mark.parametrize(
    "place",
    [
        "https://169.254.169.254/",
        "https://10.0.0.1/",
        "https://0.0.0.0/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost./",
        "https://www.data.example.cn/",
        "http://data.example.cn/",
    ],
)
def test_a_redirect_reaches_no_address_that_nobody_declared(place: str) -> None:
    declared = httpx.URL("https://data.example.cn/figures")
    assert misled(httpx.URL(place), declared) is not None
    assert misled(httpx.URL("https://DATA.example.cn:8443/b"), declared) is None


def test_what_has_not_changed_is_not_sent_again(serving: Serving, fetch: Fetching, tmp_path: Path) -> None:
    moment = "Mon, 02 Mar 2026 00:00:00 GMT"
    fetch.earlier["a.json"] = Earlier(tmp_path / "before", '"7"', moment)
    answer = fetch.one(serving.serve("/a", Reply(b"", 304)))
    assert answer.is_unchanged
    assert (answer.path, answer.etag, answer.last_modified) == (None, '"7"', moment)
    (asked,) = serving.asked
    assert asked.headers["if-none-match"] == '"7"'
    assert asked.headers["if-modified-since"] == moment


def page_of(pages: object) -> bytes:
    return json.dumps([{"page": 1, "pages": pages}, []]).encode()


PAGES = {"query": {"format": "json"}, "pages": {"count": "[0].pages"}}


def test_pages_are_files_of_their_own_and_asked_for_in_turn(serving: Serving, fetch: Fetching) -> None:
    url = serving.serve("/a", Reply(page_of(3)))
    answers = fetch.all(url, request=PAGES)
    assert [answer.name for answer in answers] == ["a.json", "a.2.json", "a.3.json"]
    assert [asked.query["page"] for asked in serving.asked] == [["1"], ["2"], ["3"]]
    assert all(asked.query["format"] == ["json"] for asked in serving.asked)


def test_a_page_is_handed_on_before_it_is_looked_into(serving: Serving, tmp_path: Path) -> None:
    """Who takes the page can spoil it, and only then does the count go missing."""
    service = Service.model_validate(
        {"requests": [{"name": "a.json", "url": serving.serve("/a", Reply(page_of(3)))} | PAGES]}
    )
    with Asking(tmp_path) as asking:
        answers = asking.answers(service.requests[0], service, lambda _: None)
        first = next(answers)
        assert first.path is not None
        first.path.write_bytes(b"{}")
        assert problem(next(answers)) == "service.wrong_page_count"
        assert list(answers) == []


def test_the_pages_of_an_unchanged_answer_are_counted_in_the_bytes_kept(
    serving: Serving, fetch: Fetching, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(page_of(2))
    fetch.earlier["a.json"] = Earlier(kept, '"7"')
    answers = fetch.all(serving.serve("/a", Reply(b"", 304), Reply(page_of(2))), request=PAGES)
    assert [(answer.name, answer.status) for answer in answers] == [("a.json", 304), ("a.2.json", 200)]


@pytest.mark.parametrize("pages", [None, "many", -1, 101, 10**30, [1]])
def test_a_page_count_that_cannot_be_is_refused(serving: Serving, fetch: Fetching, pages: object) -> None:
    answers = fetch.all(serving.serve("/a", Reply(page_of(pages))), request=PAGES)
    assert [answer.problem and answer.problem.code for answer in answers] == [
        None,
        "service.wrong_page_count",
    ]


def test_a_page_that_would_fill_the_memory_is_not_looked_into(serving: Serving, fetch: Fetching) -> None:
    large = b'[{"pages": 2}, [' + b"[]," * 3_000_000 + b"[]]]"
    answers = fetch.all(serving.serve("/a", Reply(large)), request=PAGES)
    assert [answer.problem and answer.problem.code for answer in answers] == [
        None,
        "service.wrong_page_count",
    ]


def test_no_page_is_asked_for_after_one_that_failed(serving: Serving, fetch: Fetching) -> None:
    answers = fetch.all(serving.serve("/a", Reply(page_of(5)), Reply(b"", 404)), request=PAGES)
    assert [answer.status for answer in answers] == [200, 404]
    assert len(serving.asked) == 2


def test_requests_to_a_host_keep_the_declared_pace(serving: Serving, fetch: Fetching) -> None:
    url = serving.serve("/a", Reply(page_of(3)))
    fetch.all(url, request=PAGES, requests_per_minute=6)
    assert len(fetch.pauses) == 2
    assert all(9 < pause <= 10 for pause in fetch.pauses)


def test_an_answer_may_depend_on_what_was_asked(serving: Serving, fetch: Fetching) -> None:
    def echo(asked: Asked) -> Reply:
        return Reply(json.dumps([{"pages": 1}, asked.query]).encode())

    answer = fetch.one(serving.serve("/a", echo), request={"query": {"date": "2020:2024"}})
    assert answer.path is not None
    assert json.loads(answer.path.read_bytes())[1] == {"date": ["2020:2024"]}
    assert answer.url.endswith("/a?date=2020%3A2024")


def test_services_are_asked_through_the_proxy_that_is_set(serving: Serving, tmp_path: Path) -> None:
    serving.serve("/a", Reply(BODY))
    service = Service.model_validate({"requests": [{"name": "a.json", "url": "http://127.0.0.1:9/a"}]})
    with Asking(tmp_path, proxy=serving.url) as asking:
        (answer,) = asking.answers(service.requests[0], service, lambda _: None)
    assert answer.problem is None
    assert serving.asked[0].headers["host"] == "127.0.0.1:9"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine that nobody has signed, with its key."""
    program = shutil.which("openssl")
    require(program, "no openssl on the PATH")
    command = [
        *(
            str(program),
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ),
        *("-addext", "subjectAltName=IP:127.0.0.1", "-out", "both.pem", "-keyout", "key.pem"),
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    both = tmp_path / "both.pem"
    both.write_bytes(both.read_bytes() + (tmp_path / "key.pem").read_bytes())
    return both


def test_encryption_needs_an_authority_that_this_machine_trusts(
    serving: Serving, fetch: Fetching, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = serving.encrypt(certificate) + "/a"
    serving.serve("/a", Reply(BODY))
    answer = fetch.one(url, retries=0)
    assert problem(answer) == "service.unreachable"
    assert serving.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch.one(url, retries=0).problem is None


@pytest.mark.parametrize("manner", ["drip", "slow"])
def test_a_byte_now_and_then_does_not_buy_time_under_encryption(
    serving: Serving, fetch: Fetching, certificate: Path, monkeypatch: pytest.MonkeyPatch, manner: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = serving.encrypt(certificate) + "/a"
    serving.serve("/a", Reply(b"[" + b"]" * 1000, manner=manner))
    began = time.monotonic()
    assert problem(fetch.one(url, timeout_seconds=0.5)) == "service.unreachable"
    assert time.monotonic() - began < 3
