"""Services that are due: asked, kept, logged, and left alone until they are due again."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.declared.source import Declaration, load_declaration
from tests.serving import Asked, Reply, Serving
from warehouse import asking
from warehouse.archive import content_path, digest_of, receipts
from warehouse.asking import ask_services
from warehouse.home import CHECKOUT, Home
from warehouse.responses import RESPONSE_LOG, ResponseLog, due_requests
from warehouse.settings import Settings

Declare = Callable[..., dict[str, Declaration]]
FIGURES = b'[{"page": 1, "pages": 1}, []]'
PAGE = b"<html><body>403</body></html>"


@pytest.fixture
def declare(home: Home) -> Declare:
    """A source of the bureau's own that asks for the files of these names at these URLs."""

    def declare(
        requests: dict[str, str], request: dict[str, Any] | None = None, **keys: Any
    ) -> dict[str, Declaration]:
        folder = home.sources / "portal"
        folder.mkdir(parents=True, exist_ok=True)
        asked = [{"name": name, "url": url} | (request or {}) for name, url in requests.items()]
        content = {
            "source": "portal", "title": {"en": "Portal", "zh": "门户"}, "producer": "a bureau", "citation": "a portal",
            "licence": "none stated", "frequency": "A", "authority": "release",
            "layout": {"kind": "world_bank", "in_pages": "pages" in (request or {})},
            "service": {"requests": asked, "requests_per_minute": 1e9, "retries": 0} | keys,
        }  # fmt: skip
        (folder / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return {"portal": load_declaration(folder)}

    return declare


def ask(home: Home, declared: dict[str, Declaration], **settings: Any) -> list[str]:
    return [code for code, _ in ask_services(home, declared, Settings(**settings), lambda _: None)]


def logged(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home.archive / RESPONSE_LOG).read_text("utf-8").splitlines()]


def let_pass(home: Home, time: timedelta) -> None:
    """Makes everything on the log so much older."""
    lines = []
    for entry in logged(home):
        entry["time"] = (datetime.fromisoformat(entry["time"]) - time).isoformat()
        lines.append(json.dumps(entry) + "\n")
    (home.archive / RESPONSE_LOG).write_text("".join(lines), encoding="utf-8")


def received(home: Home) -> list[tuple[str, str]]:
    return [(receipt.file_name, receipt.sha256) for receipt in receipts(home.archive)]


def test_an_answer_is_kept_and_received_like_a_file(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES, headers={"ETag": '"7"'}))})
    assert ask(home, declared) == []
    ((name, sha256),) = received(home)
    assert name == "rate.json"
    assert content_path(home.archive, sha256).read_bytes() == FIGURES
    (entry,) = logged(home)
    assert (entry["source"], entry["file_name"], entry["sha256"]) == ("portal", "rate.json", sha256)
    assert (entry["status"], entry["etag"], entry["error"]) == (200, '"7"', None)
    assert entry["url"] == serving.url + "/a"
    assert datetime.now(UTC) - datetime.fromisoformat(entry["time"]) < timedelta(minutes=1)


def test_a_service_is_not_asked_again_before_its_time(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES))}, every_hours=20)
    ask(home, declared)
    ask(home, declared)
    let_pass(home, timedelta(hours=19, minutes=50))
    ask(home, declared)
    assert len(serving.asked) == 1
    let_pass(home, timedelta(minutes=15))
    ask(home, declared)
    assert len(serving.asked) == 2


def test_a_clock_that_was_ahead_does_not_silence_a_service(
    home: Home, serving: Serving, declare: Declare
) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES))})
    ask(home, declared)
    let_pass(home, -timedelta(days=1000))
    ask(home, declared)
    assert len(serving.asked) == 2


def test_the_same_bytes_are_received_once(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES))})
    ask(home, declared)
    let_pass(home, timedelta(days=1))
    assert ask(home, declared) == []
    assert len(received(home)) == 1
    assert [entry["status"] for entry in logged(home)] == [200, 200]


def conditional(asked: Asked) -> Reply:
    known = asked.headers.get("if-none-match") == '"7"'
    return Reply(b"" if known else FIGURES, 304 if known else 200, headers={"ETag": '"7"'})


def test_what_has_not_changed_is_not_sent_again(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", conditional)})
    for _ in range(3):
        assert ask(home, declared) == []
        let_pass(home, timedelta(days=1))
    assert [entry["status"] for entry in logged(home)] == [200, 304, 304]
    assert len({entry["sha256"] for entry in logged(home)}) == 1
    assert len(received(home)) == 1


def test_another_question_is_asked_at_once_and_without_the_marks_of_the_old(
    home: Home, serving: Serving, declare: Declare
) -> None:
    url = serving.serve("/a", conditional)
    ask(home, declare({"rate.json": url}))
    ask(home, declare({"rate.json": url}, {"query": {"date": "2024"}}))
    assert len(serving.asked) == 2
    assert "if-none-match" not in serving.asked[1].headers


def test_bytes_that_are_lost_are_asked_for_whole(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", conditional)})
    ask(home, declared)
    content_path(home.archive, logged(home)[0]["sha256"]).unlink()
    let_pass(home, timedelta(days=1))
    ask(home, declared)
    assert [entry["status"] for entry in logged(home)] == [200, 200]


def test_what_is_no_data_is_kept_but_not_received(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(PAGE, content_type="text/html"))})
    assert ask(home, declared) == ["service.no_data"]
    assert received(home) == []
    (entry,) = logged(home)
    assert (entry["error"], entry["status"]) == ("service.no_data", 200)
    assert content_path(home.archive, entry["sha256"]).read_bytes() == PAGE


def test_an_error_with_status_200_is_kept_but_not_received(
    home: Home, serving: Serving, declare: Declare
) -> None:
    message = b'[{"message": [{"id": "120", "key": "Invalid value", "value": "no such country"}]}]'
    declared = declare({"rate.json": serving.serve("/a", Reply(message))})
    ((code, details),) = ask_services(home, declared, Settings())
    assert code == "service.error_answer"
    assert details == {
        "source": "portal",
        "file": "rate.json",
        "url": serving.url + "/a",
        "problem": "120 Invalid value: no such country",
    }
    assert received(home) == []
    assert content_path(home.archive, logged(home)[0]["sha256"]).read_bytes() == message


def test_an_answer_is_in_the_archive_before_anything_looks_into_it(
    home: Home, serving: Serving, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []

    def look(path: Path, _: Declaration) -> None:
        kept.append(content_path(home.archive, digest_of(path)).read_bytes())

    monkeypatch.setattr(asking, "_error_in", look)
    ask(home, declare({"rate.json": serving.serve("/a", Reply(FIGURES))}))
    assert kept == [FIGURES]


def test_a_failed_request_rests_for_a_while_and_keeps_what_is_known(
    home: Home, serving: Serving, declare: Declare
) -> None:
    declared = declare({"rate.json": serving.serve("/a", conditional, Reply(PAGE, 404), conditional)})
    ask(home, declared)
    let_pass(home, timedelta(days=1))
    assert ask(home, declared) == ["service.refused"]
    assert ask(home, declared) == []
    let_pass(home, timedelta(minutes=16))
    assert ask(home, declared) == []
    assert [entry["status"] for entry in logged(home)] == [200, 404, 304]


def test_one_request_that_fails_does_not_keep_the_others_back(
    home: Home, serving: Serving, declare: Declare
) -> None:
    good = serving.serve("/good", Reply(FIGURES))
    declared = declare({"a.json": serving.url + "/gone", "b.json": good})
    assert ask(home, declared) == ["service.refused"]
    assert [name for name, _ in received(home)] == ["b.json"]


def test_a_service_that_is_down_is_one_notice_and_left_alone(
    home: Home, serving: Serving, declare: Declare
) -> None:
    busy = serving.serve("/a", Reply(b"", 503))
    declared = declare({"a.json": busy, "b.json": busy, "c.json": busy})
    assert ask(home, declared) == ["service.busy"]
    assert ask(home, declared) == []
    assert len(serving.asked) == 1
    let_pass(home, timedelta(minutes=16))
    serving.serve("/a", Reply(FIGURES))
    assert ask(home, declared) == []
    assert len(serving.asked) == 4


def test_the_next_page_is_tried_again_after_one_that_failed(
    home: Home, serving: Serving, declare: Declare
) -> None:
    def page(number: int) -> Reply:
        return Reply(json.dumps([{"page": number, "pages": 2}, []]).encode())

    serving.serve("/a", page(1), Reply(b"", 404), page(1), page(2))
    declared = declare({"a.json": serving.url + "/a"}, {"pages": {"count": "[0].pages"}})
    assert ask(home, declared) == ["service.refused"]
    assert [name for name, _ in received(home)] == ["a.json"]
    let_pass(home, timedelta(minutes=16))
    assert ask(home, declared) == []
    assert [name for name, _ in received(home)] == ["a.json", "a.2.json"]


def test_services_can_be_switched_off(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES))})
    assert due_requests(home, declared, Settings(services=False)) == {}
    assert ask(home, declared, services=False) == []
    assert serving.asked == []


def test_a_damaged_log_costs_a_question_and_nothing_else(
    home: Home, serving: Serving, declare: Declare
) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES))})
    ask(home, declared)
    good = (home.archive / RESPONSE_LOG).read_bytes()
    for damage in (b"{}\n", b"nonsense\n", b'{"time": "2020"', good.replace(b"+00:00", b""), b"[1]\n\xff\n"):
        (home.archive / RESPONSE_LOG).write_bytes(damage)
        assert due_requests(home, declared, Settings()) != {}
        assert ask(home, declared) == []
        assert due_requests(home, declared, Settings()) == {}
    assert len(received(home)) == 1


def test_the_log_only_grows(home: Home, serving: Serving, declare: Declare) -> None:
    declared = declare({"rate.json": serving.serve("/a", Reply(FIGURES))})
    ask(home, declared)
    before = (home.archive / RESPONSE_LOG).read_bytes()
    let_pass(home, timedelta(0))
    ResponseLog(home.archive)
    ask(home, declare({"other.json": serving.url + "/a"}))
    assert (home.archive / RESPONSE_LOG).read_bytes().startswith(before)
    assert len(logged(home)) == 2


def test_nothing_is_left_of_the_asking_but_the_archive(
    home: Home, serving: Serving, declare: Declare
) -> None:
    ask(home, declare({"rate.json": serving.serve("/a", Reply(FIGURES))}))
    assert list(home.build.iterdir()) == []


def test_no_bundled_source_asks_a_service(home: Home) -> None:
    for path in (CHECKOUT / "sources").glob("*/source.yml"):
        assert load_declaration(path.parent).service is None


def test_the_client_is_not_imported_before_a_request_is_due(
    home: Home, serving: Serving, declare: Declare
) -> None:
    declare({"rate.json": serving.serve("/a", Reply(FIGURES))})
    program = f"""
import sys
from pathlib import Path
from warehouse.home import Home
from warehouse.asking import ask_services
from warehouse.collection import declared_sources
from warehouse.settings import Settings
home = Home(Path({str(home.root)!r}))
assert ask_services(home, declared_sources(home, Settings()), Settings()) == []
print("httpx" in sys.modules)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert [one.stdout.strip() for one in said] == ["True", "False"]
