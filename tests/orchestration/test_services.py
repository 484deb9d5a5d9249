"""Services in a refresh: when they make one run, what becomes of their answers, and that a broken one stops nothing."""

import json
import re
import shutil
import string
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from orchestration import refresh as refreshing
from orchestration.due import up_to_date_release
from orchestration.messages import catalogue
from tests.conftest import Released
from tests.serving import Asked, Reply, Serving
from warehouse.collection import declared_sources
from warehouse.digest import input_digest
from warehouse.home import Home
from warehouse.lock import build_lock
from warehouse.manifest import Manifest
from warehouse.release import put_in_force
from warehouse.responses import RESPONSE_LOG
from warehouse.settings import load_settings

CODE = "A030103"


def body(**figures: str) -> bytes:
    """An answer of easyquery: urbanization of Zhejiang by year."""
    data = [
        {
            "data": {"data": float(text), "hasdata": True, "strdata": text},
            "wds": [
                {"wdcode": "sj", "valuecode": year.removeprefix("y")},
                {"wdcode": "zb", "valuecode": CODE},
                {"wdcode": "reg", "valuecode": "330000"},
            ],
        }
        for year, text in figures.items()
    ]
    node = {"code": CODE, "name": "城镇人口比重", "unit": "%", "exp": "", "memo": ""}
    found = {"datanodes": data, "wdnodes": [{"wdcode": "zb", "nodes": [node]}]}
    return json.dumps({"returncode": 200, "returndata": found}, ensure_ascii=False).encode()


def declare(home: Home, url: str, **keys: Any) -> None:
    folder = home.sources / "portal"
    folder.mkdir(parents=True, exist_ok=True)
    form = {"m": "QueryData", "dbcode": "fsnd", "dfwds": [{"wdcode": "zb", "valuecode": CODE}]}
    content = {
        "source": "portal", "title": {"en": "Portal", "zh": "门户"}, "producer": "a bureau", "citation": "a portal",
        "licence": "none stated", "frequency": "A", "authority": "release",
        "layout": {"kind": "nbs_query", "dbcode": "fsnd"},
        "service": {"requests": [{"name": "rate.json", "url": url, "form": form}], "retries": 0} | keys,
        "series": [{"label": f"fsnd/{CODE}", "indicator": "resident_urbanization_rate", "area_type": "total"}],
    }  # fmt: skip
    (folder / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def declare_slices(home: Home, older: str, newer: str) -> None:
    """One indicator in two slices with ids of their own, put together by the declaration."""
    folder = home.sources / "slices"
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "source": "slices", "title": {"en": "Slices", "zh": "分段"}, "producer": "a bureau", "citation": "a portal",
        "licence": "none stated", "frequency": "A", "authority": "release",
        "layout": {"kind": "nbs_release"},
        "service": {"requests": [
            {"name": "older.json", "url": older, "json": {"cid": "1", "dts": ["2016YY-2020YY"]}},
            {"name": "newer.json", "url": newer, "json": {"cid": "2", "dts": ["2021YY-2025YY"]}},
        ]},
        "series": [
            {"label": "a1", "indicator": "disposable_income_per_capita", "area_type": "total", "last_year": 2020},
            {"label": "b2", "indicator": "disposable_income_per_capita", "area_type": "total", "first_year": 2021},
        ],
    }  # fmt: skip
    (folder / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def slice_of(label: str, year: str, value: str) -> Reply:
    figure = {
        "_id": label,
        "i_showname": "居民人均可支配收入 (元)",
        "value": value,
        "du_name": "元",
        "da": "330000000000",
    }
    data = [{"code": f"{year}YY", "values": [figure]}]
    return Reply(json.dumps({"success": True, "state": 20000, "message": "成功", "data": data}).encode())


def let_a_day_pass(home: Home) -> None:
    log = home.archive / RESPONSE_LOG
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    for entry in entries:
        entry["time"] = (datetime.fromisoformat(entry["time"]) - timedelta(days=1)).isoformat()
    log.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


class Told:
    """Listens to a refresh."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.notices: list[tuple[str, dict[str, Any]]] = []

    def stage(self, name: str) -> None:
        self.stages.append(name)

    def notice(self, code: str, details: dict[str, Any]) -> None:
        self.notices.append((code, details))


@pytest.fixture
def released_home(home: Home, serving: Serving) -> Home:
    """A release on paper of all that is there, and a service that was never asked."""
    declare(home, serving.serve("/a", Reply(body(y2020="72.17"))))
    release_id = "20260101T000000Z-aaaaaaaa"
    (home.releases / release_id).mkdir()
    counts = {"observations": 1, "flags_error": 0, "flags_warning": 0, "rejected": 0}
    digest = input_digest(home, declared_sources(home, load_settings(home)))
    made = Manifest(release_id, "2026-01-01T00:00:00+00:00", None, digest, "0.1.0", counts=counts)
    made.write(home.releases / release_id)
    put_in_force(home, release_id)
    return home


def test_a_service_that_is_due_makes_a_release_out_of_date(released_home: Home, serving: Serving) -> None:
    home = released_home
    declared = declared_sources(home, load_settings(home))
    assert up_to_date_release(home, declared) is None
    serving.serve("/a", Reply(b"", 404))
    refreshing.refresh(home, declared, Told())
    assert up_to_date_release(home, declared) is not None


def test_a_service_without_news_makes_no_run(
    released_home: Home, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "_run", lambda *_: pytest.fail("a run was made"))
    serving.serve("/a", Reply(b"", 503))
    told = Told()
    outcome = refreshing.refresh(
        released_home, declared_sources(released_home, load_settings(released_home)), told
    )
    assert outcome.unchanged
    assert told.stages == ["ask"]
    assert [code for code, _ in told.notices] == ["service.busy"]


def test_services_are_asked_by_one_refresh_at_a_time(released_home: Home, serving: Serving) -> None:
    declared = declared_sources(released_home, load_settings(released_home))
    with build_lock(released_home), pytest.raises(Exception, match=r"build\.locked"):
        refreshing.refresh(released_home, declared, Told())
    assert serving.asked == []


def test_a_scheduled_run_asks_too_and_counts_the_answer_among_its_inputs(
    home: Home, serving: Serving
) -> None:
    from orchestration.assets import collect_assets
    from orchestration.resources import Build
    from warehouse.build import open_build

    declare(home, serving.serve("/a", Reply(body(y2020="72.17"))))
    declared = declared_sources(home, load_settings(home))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [collect_assets(declared)], resources={"build": Build(root=str(home.root))}, instance=instance
        )
    assert result.success
    assert len(serving.asked) == 1
    with open_build(home) as connection:
        assert connection.execute("select value, time_label from raw.cell").fetchall() == [(72.17, "2020")]
        (digest,) = connection.execute("select input_digest from process.collected").fetchone()
    assert digest == input_digest(home, declared)


def test_every_notice_of_a_service_names_what_is_known() -> None:
    places = {"source", "file", "url", "problem"}
    texts = {code: text["en"] for code, text in catalogue().items() if code.startswith("service.")}
    assert len(texts) > 5
    for code, text in texts.items():
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} == places, code


@pytest.mark.slow
def test_figures_of_a_service_are_published_and_can_be_made_again_without_it(
    home: Home, serving: Serving, tmp_path: Path
) -> None:
    released = Released(home)
    first = Reply(body(y2019="71.58", y2020="72.17"), headers={"ETag": '"1"'})
    declare(home, serving.serve("/a", first, Reply(b"", 304), Reply(body(y2020="72.20"))))

    older = serving.serve("/older", slice_of("a1", "2020", "52397"))
    newer = serving.serve("/newer", slice_of("b2", "2021", "57541"))
    declare_slices(home, older, newer)

    def refresh() -> str:
        done = released.tongji("refresh")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def figures() -> list[tuple[Any, ...]]:
        sql = "select time_period, obs_value from marts.fct_observation where source = 'portal' order by 1"
        return released.rows(sql)

    def rates() -> list[Asked]:
        return [asked for asked in serving.asked if asked.path == "/a"]

    assert "Release " in refresh()
    assert figures() == [("2019", 71.58), ("2020", 72.17)]
    shown = "select raw_text, unit_text from marts.mart_provenance where source = 'portal' order by 1"
    assert released.rows(shown) == [("71.58", "%"), ("72.17", "%")]
    assert (rates()[0].method, b"dbcode=fsnd" in rates()[0].body) == ("POST", True)
    stitched = "select ref_year, obs_value from marts.fct_observation where source = 'slices' order by 1"
    assert released.rows(stitched) == [(2020, 52397), (2021, 57541)]

    assert "Nothing changed" in refresh()
    assert len(serving.asked) == 3
    let_a_day_pass(home)
    assert "Nothing changed" in refresh()
    assert rates()[1].headers["if-none-match"] == '"1"'

    let_a_day_pass(home)
    refresh()
    assert figures() == [("2019", 71.58), ("2020", 72.2)]
    assert len(rates()) == 3

    serving.close()
    let_a_day_pass(home)
    said = refresh()
    assert re.search(r"portal: the service at http://127\.0\.0\.1:\d+/a gave no answer", said)
    assert "Nothing changed" in said

    shutil.rmtree(home.build)
    home.config.write_text("bundled: false\nservices: false\n", encoding="utf-8")
    before = figures()
    assert "Release " in refresh()
    assert figures() == before
