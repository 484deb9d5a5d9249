"""What `service:` in a source.yml may say, and what is refused with its place."""

from typing import Any

import pytest

from sources.declared.service import Service, sent
from sources.errors import SourceError
from tests.sources.conftest import Declare

URL = "https://data.example.cn/figures"
QUERY = {"kind": "nbs_query", "dbcode": "fsnd"}


def service(**keys: Any) -> dict[str, Any]:
    return {"requests": [{"name": "figures.csv", "url": URL} | keys]}


def refusal_of(declare: Declare, **keys: Any) -> str:
    with pytest.raises(SourceError) as caught:
        declare(**keys)
    return f"{caught.value.code} {caught.value.details['field']}"


def test_a_source_may_declare_no_service(declare: Declare) -> None:
    assert declare().service is None


def test_what_is_not_said_has_patient_defaults(declare: Declare) -> None:
    declared = declare(service=service()).service
    assert declared is not None
    assert (declared.every_hours, declared.retries, declared.requests_per_minute) == (20, 3, 30)
    assert declared.requests[0].verb == "GET"
    assert "text/csv" in declared.requests[0].media_types


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"url": "http://data.example.cn/"}, "url"),
        ({"url": "ftp://data.example.cn/"}, "url"),
        ({"url": "https:///figures"}, "url"),
        ({"url": "https://me:secret@data.example.cn/"}, "url"),
        ({"url": "https://data.example.cn/#top"}, "url"),
        ({"url": "https://data.example.cn:port/"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"url": "http://127.0.0.1.example.cn/"}, "url"),
        ({"name": "../figures.csv"}, "name"),
        ({"name": "figures.pdf"}, "name"),
        ({"name": ".csv"}, "name"),
        ({"headers": {"Authorization": "Bearer x"}}, "headers"),
        ({"headers": {"COOKIE": "a=b"}}, "headers"),
        ({"headers": {"Host": "elsewhere"}}, "headers"),
        ({"headers": {"X-A": "one\r\nX-B: two"}}, "headers"),
        ({"form": {"a": 1}, "json": {"a": 1}}, "requests[0]"),
        ({"method": "GET", "form": {"a": 1}}, "requests[0]"),
        ({"method": "PUT"}, "method"),
        ({"pages": {"count": "[0].pages"}}, "requests[0]"),
        ({"content_types": ["text"]}, "content_types"),
    ],
)
def test_a_request_that_must_not_be_made_is_refused(
    declare: Declare, keys: dict[str, Any], field: str
) -> None:
    told = refusal_of(declare, service=service(**keys))
    assert told.startswith("source.wrong_value service.requests[0]")
    assert field in told


def test_a_declared_service_is_the_same_after_a_journey(declare: Declare) -> None:
    """Files are read in another process, which is told the declaration as text."""
    full = service(
        name="a.json",
        query={"date": "2020:2024", "full": True, "n": 1.5},
        json={"dts": ["2018YY-2023YY"], "none": None},
        headers={"Accept": "*/*"},
        pages={"count": "[0].pages"},
    )
    for keys in (full, service(name="a.json", form={"wds": [{"wdcode": "reg"}]}), service(name="a.json")):
        in_pages = "pages" in keys["requests"][0]
        declared = declare(service=keys, layout={"kind": "world_bank", "in_pages": in_pages})
        text = declared.model_dump_json()
        arrived = type(declared).model_validate_json(text)
        assert arrived.model_dump_json() == text
        assert arrived.service
        assert declared.service
        assert arrived.service.requests[0].digest == declared.service.requests[0].digest


def test_an_unknown_key_is_named_with_its_place(declare: Declare) -> None:
    told = refusal_of(declare, service=service(colour="red"))
    assert told == "source.unknown_key service.requests[0].colour"


@pytest.mark.parametrize("url", ["http://localhost:8000/x", "http://127.0.0.1/x", "http://[::1]:1/x"])
def test_this_machine_may_be_asked_without_encryption(declare: Declare, url: str) -> None:
    assert declare(service=service(url=url)).service is not None


def test_two_files_of_one_name_are_refused(declare: Declare) -> None:
    twice = {"requests": [{"name": "a.csv", "url": URL}, {"name": "a.csv", "url": URL + "2"}]}
    assert "two have the name" in refusal_of(declare, service=twice)


def test_answers_that_the_layout_does_not_read_are_refused(declare: Declare) -> None:
    assert "ends in .json" in refusal_of(declare, service=service(name="a.json"))
    assert "ends in .csv" in refusal_of(declare, service=service(), layout={"kind": "world_bank"})


@pytest.mark.parametrize("ending", ["csv", "json", "xml"])
def test_every_format_of_sdmx_may_be_asked_for(declare: Declare, ending: str) -> None:
    declared = declare(service=service(name=f"a.{ending}"), layout={"kind": "sdmx"})
    assert declared.service is not None


def test_a_name_that_its_layout_does_not_read_is_refused(declare: Declare) -> None:
    assert "ends in .xml" in refusal_of(declare, service=service(name="a.xml"))
    assert "ends in .ods" in refusal_of(declare, service=service(name="a.ods"), layout={"kind": "sdmx"})
    assert declare(service=service(name="a.ods")).service is not None


def test_pages_are_asked_for_where_and_only_where_they_are_read(declare: Declare) -> None:
    one, all_pages = service(name="a.json"), service(name="a.json", pages={"count": "[0].pages"})
    for asked, in_pages in ((one, True), (all_pages, False)):
        told = refusal_of(declare, service=asked, layout={"kind": "world_bank", "in_pages": in_pages})
        assert "need each other" in told


def test_a_request_to_another_database_than_is_read_is_refused(declare: Declare) -> None:
    """The same code means another indicator there."""
    other = service(name="a.json", form={"dbcode": "hgnd"})
    assert "dbcode hgnd" in refusal_of(declare, service=other, layout=QUERY)
    same = service(name="a.json", form={"dbcode": "fsnd"})
    assert declare(service=same, layout=QUERY).service is not None


def test_parts_of_a_form_are_sent_as_json() -> None:
    fields = {"m": "QueryData", "h": 1, "wds": [{"wdcode": "reg", "valuecode": "110000"}], "full": True}
    assert sent(fields) == {
        "m": "QueryData",
        "h": "1",
        "wds": '[{"wdcode":"reg","valuecode":"110000"}]',
        "full": "true",
    }


def test_another_question_has_another_digest() -> None:
    def digest(**keys: Any) -> str:
        return Service.model_validate(service(**keys)).requests[0].digest

    assert digest() == digest(content_types=["text/csv"])
    assert len({digest(), digest(form={"a": 1}), digest(form={"a": 2}), digest(query={"a": 1})}) == 4


def test_pages_have_names_of_their_own() -> None:
    asked = Service.model_validate(service(name="rate.v2.json", pages={"count": "[0].pages"})).requests[0]
    assert [asked.page_name(1), asked.page_name(12)] == ["rate.v2.json", "rate.v2.12.json"]
