"""Bad input gets one clear sentence, and nothing is lost: the whole way, as a user sends it."""

from pathlib import Path

import pytest

from tests.conftest import Released
from warehouse.archive import receipts
from warehouse.home import Home

HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE"
MIXED = """浙江省,2023,gdp,total,82553,亿元
霧隱省,2023,gdp,total,1,亿元
浙江省,2022,gdp,total,77715,光年
浙江省,2021,gdp,total,L8,亿元
浙江省,2020,gdp,total,…,亿元
浙江省,二〇,gdp,total,5,亿元
浙江省,2019,gdpp,total,5,亿元
浙江省,2018,gdp,both,5,亿元
浙江省,2017,gdp,total,5,
浙江省,2016,gdp,total,5,人
鼓楼区,2016,gdp,total,5,亿元
浙江,2015,gdp,total,"43,507.72",亿元
"""
# Per address of the rejected cell: what its message must name, and what it tells to do.
SAID = {
    "E3": ("霧隱省", "code"),
    "E4": ("光年", "registry"),
    "E5": ("L8", "correct"),
    "E7": ("二〇", "write a year"),
    "E8": ("gdpp", "declare"),
    "E9": ("both", "total, urban or rural"),
    "E10": ("gdp", "state it"),
    "E11": ("人", "correct"),
    "E12": ("320106 (江苏省南京市), 320302 (江苏省徐州市), 350102", "code instead"),
}


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Released:
    home = Home(tmp_path_factory.mktemp("bad") / "home")
    home.ensure()
    home.config.write_text("bundled: false\n", encoding="utf-8")
    folder = home.inbox / "submission"
    folder.mkdir()
    (folder / "mixed.csv").write_text(f"{HEADER}\n{MIXED}", encoding="utf-8")
    (folder / "status.csv").write_text(
        f"{HEADER},FREQ,ACCUMULATION,CONF_STATUS\n"
        "330000,2013-Q2,gdp,total,1,亿元,A,period,F\n330000,2012,gdp,total,1,亿元,A,cumulative,F\n"
        "330000,2011,gdp,total,1,亿元,A,period,C\n330000,2010,gdp,total,27722,亿元,A,,\n",
        encoding="utf-8",
    )
    (folder / "empty.csv").write_bytes(b"")
    (folder / "encoding.csv").write_bytes(
        f"{HEADER}\n330000,2014,gdp,total,40023.48,".encode() + b"\xff\xfe\xff\n"
    )
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (home.inbox / "elsewhere").mkdir()
    made = Released(home)
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith("rejects 16")
    assert "elsewhere belongs to no known source" in done.stderr
    return made


def test_the_rest_of_a_file_loads(received: Released) -> None:
    found = received.rows("select ref_area, ref_year, obs_value from marts.fct_observation order by ref_year")
    assert found == [("330000", 2010, 27722e8), ("330000", 2015, 43507.72e8), ("330000", 2023, 82553e8)]


@pytest.mark.parametrize("cell", SAID)
def test_a_rejected_cell_is_named_with_what_to_do(received: Released, cell: str) -> None:
    ((english, chinese),) = received.rows(
        f"select message_en, message_zh from marts.mart_reject where file_name = 'mixed.csv' and cell = '{cell}'"
    )
    named, remedy = SAID[cell]
    assert english.startswith(f"mixed.csv {cell}: ")
    assert named in english
    assert named in chinese
    assert remedy in english


@pytest.mark.parametrize(
    ("file_name", "reason", "said"),
    [
        ("empty.csv", "file.empty", "is empty"),
        ("encoding.csv", "file.wrong_encoding", "UTF-8 / GB18030"),
        ("broken.xlsx", "file.unreadable_workbook", "is damaged"),
        ("picture.png", "file.unknown_type", ".png"),
    ],
)
def test_a_rejected_file_is_named_with_its_reason(
    received: Released, file_name: str, reason: str, said: str
) -> None:
    ((why, message),) = received.rows(
        f"select reason, message_en from marts.mart_reject where file_name = '{file_name}'"
    )
    assert why == reason
    assert message.startswith(file_name)
    assert said in message


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("E2", "cell.wrong_freq"), ("E3", "cell.unknown_accumulation"), ("E4", "cell.confidential")],
)
def test_what_would_be_published_as_something_else_is_not_published(
    received: Released, cell: str, reason: str
) -> None:
    why = received.rows(
        f"select reason from marts.mart_reject where file_name = 'status.csv' and cell = '{cell}'"
    )
    assert why == [(reason,)]


def test_a_missing_value_is_neither_a_reject_nor_zero(received: Released) -> None:
    assert received.rows("select * from marts.fct_observation where ref_year = 2020") == []
    assert received.rows("select * from marts.mart_reject where cell = 'E6'") == []


def test_what_was_sent_is_kept_byte_by_byte(received: Released) -> None:
    names = {receipt.file_name for receipt in receipts(received.home.archive)}
    assert names == {"mixed.csv", "status.csv", "empty.csv", "encoding.csv", "broken.xlsx", "picture.png"}


def test_the_same_bad_files_again_change_nothing(received: Released) -> None:
    done = received.tongji("refresh")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing changed")


def test_a_source_of_ones_own_may_name_files_that_come_through_the_inbox(tmp_path: Path) -> None:
    made = Released(Home(tmp_path / "home"))
    made.home.ensure()
    made.home.config.write_text("bundled: false\n", encoding="utf-8")
    own = made.home.sources / "county"
    own.mkdir()
    (own / "source.yml").write_text(
        "source: county\ntitle: {en: County, zh: 县}\nproducer: p\ncitation: c\nlicence: l\nfrequency: A\n"
        "authority: report\nfiles: [{name: a.csv, vintage: 2023-05-01}]\nlayout: {kind: tidy}\n",
        encoding="utf-8",
    )
    sent = made.home.inbox / "county" / "a.csv"
    sent.parent.mkdir()
    sent.write_text(
        "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE\n330400,2022,gdp,total,6739.45,亿元\n",
        encoding="utf-8",
    )
    done = made.tongji("refresh")
    assert done.returncode == 0, done.stderr
    assert made.rows("select obs_value, vintage::varchar from marts.fct_observation") == [
        (673945000000, "2023-05-01")
    ]
