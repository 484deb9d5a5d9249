"""Decisions on flags through whole refreshes: applied to the value they are about, and to no other."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Released
from warehouse.home import BUNDLED_SOURCES, Home

pytestmark = pytest.mark.slow

PANEL = BUNDLED_SOURCES / "province_panel" / "files" / "分地区居民收入、人口与城镇化率.xlsx"
INCOME = "indicator = 'disposable_income_per_capita'"
JILIN = f"ref_area = '220000' and time_period = '2017' and area_type = 'rural' and {INCOME}"
COLUMN = f"time_period = '2004' and area_type = 'urban' and {INCOME}"
"""The urban incomes of 2004, all of which are quarantined."""
TWICE = "ref_area = '330400' and time_period = '2019'"
HEADER = "REF_AREA,TIME_PERIOD,INDICATOR,AREA_TYPE,OBS_VALUE,UNIT_MEASURE\n"


@pytest.fixture(scope="module")
def home(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The bundled release, with a letter as evidence, and a submission in which a key stands twice."""
    folder = tmp_path_factory.mktemp("review")
    made = Released(Home(folder / "home"))
    shutil.copytree(released.home.root, made.home.root, symlinks=True)
    (folder / "letter.txt").write_text("12950.4", encoding="utf-8")
    inbox = made.home.inbox / "submission"
    inbox.mkdir(parents=True)
    row = "330400,2019,disposable_income_per_capita,total,51615,CNY\n"
    (inbox / "twice.csv").write_text(HEADER + row + row, encoding="utf-8")
    return made


def flag(home: Released, where: str) -> str:
    """The gravest flag on a value that is not decided yet."""
    query = f"select flag_id from marts.mart_quality_flag where disposition = 'open' and {where}"
    return str(home.rows(query + " order by severity, flag_id limit 1")[0][0])


def decide(home: Released, where: str, action: str, *options: str) -> None:
    done = home.tongji("review", flag(home, where), action, "--reason", "as the province says", *options)
    assert done.returncode == 0, done.stderr


def refresh(home: Released) -> str:
    done = home.tongji("refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def in_force(home: Released, where: str) -> list[tuple[object, ...]]:
    return home.rows(
        "select obs_value, original_value, quality_status, obs_status from marts.fct_observation"
        f" where source <> 'national' and {where}"
    )


def states(home: Released) -> dict[str, str]:
    return dict(
        home.rows("select ref_area || ' ' || time_period || ' ' || action, state from marts.mart_review")
    )


@pytest.fixture(scope="module")
def decided(home: Released) -> Released:
    """Corrected, accepted, rejected, a correction that a rule calls wrong, one to be confirmed, one to be answered."""
    letter = ("--evidence", str(home.home.root.parent / "letter.txt"))
    decide(home, JILIN, "correct", "--value", "12950.4", *letter)
    decide(home, f"ref_area = '330000' and {COLUMN}", "accept")
    decide(home, f"ref_area = '320000' and {COLUMN}", "reject")
    decide(home, f"ref_area = '310000' and {COLUMN}", "correct", "--value", "190000", *letter)
    decide(home, f"ref_area = '350000' and {COLUMN}", "correct", "--value", "11175")
    home.home.config.write_text("approval: {second_person: true}\n", encoding="utf-8")
    decide(home, f"ref_area = '340000' and {COLUMN}", "accept")
    home.home.config.unlink()
    assert "not state any more" not in refresh(home)
    return home


def test_a_corrected_value_is_published_with_the_original_beside_it(decided: Released) -> None:
    assert in_force(decided, JILIN) == [(12950.4, 112950.4, "overridden", "A")]
    kept = "select obs_value, original_value, obs_value_decimal from marts.fct_observation_vintage"
    assert [tuple(map(float, row)) for row in decided.rows(f"{kept} where {JILIN}")] == [
        (12950.4, 112950.4, 12950.4)
    ]
    ratio = (
        "select income_urban_cny, income_rural_cny, urban_rural_income_ratio_published, quality_status"
        " from marts.mart_urban_rural_income where ref_area = '220000' and ref_year = 2017"
    )
    assert decided.rows(ratio) == [(28318.7, 12950.4, 2.19, "overridden")]
    assert decided.rows(f"select raw_text from marts.mart_provenance where {JILIN}") == [("112950.4",)]


def test_the_flags_of_a_corrected_value_stand_as_decided_and_its_neighbours_are_judged_by_it(
    decided: Released,
) -> None:
    flags = f"select distinct disposition, obs_value from marts.mart_quality_flag where {JILIN} and severity = 'error'"
    assert decided.rows(flags) == [("corrected", 112950.4)]
    who = f"select count(*) from marts.mart_quality_flag where {JILIN} and (decided_by is null or decided_at is null)"
    assert decided.rows(who) == [(0,)]
    neighbours = (
        "select count(*) from marts.mart_quality_flag where ref_area = '220000' and area_type = 'rural'"
    )
    assert decided.rows(f"{neighbours} and time_period in ('2016', '2018') and disposition = 'open'") == [
        (0,)
    ]


def test_an_accepted_value_is_published_as_it_is(decided: Released) -> None:
    ((value, original, status, obs_status),) = in_force(decided, f"ref_area = '330000' and {COLUMN}")
    assert (original, status, obs_status) == (None, "overridden", "A")
    found = decided.rows(
        "select distinct disposition, obs_value from marts.mart_quality_flag"
        f" where ref_area = '330000' and {COLUMN} and severity = 'error'"
    )
    assert found == [("accepted", value)]


def test_a_rejected_value_stays_out(decided: Released) -> None:
    assert in_force(decided, f"ref_area = '320000' and {COLUMN}") == []
    out = f"select distinct disposition from marts.mart_quality_flag where ref_area = '320000' and {COLUMN}"
    assert decided.rows(out) == [("rejected",)]


def test_a_correction_that_a_rule_calls_wrong_is_quarantined_under_a_flag_of_its_own(
    decided: Released,
) -> None:
    assert in_force(decided, f"ref_area = '310000' and {COLUMN}") == []
    found = decided.rows(
        "select disposition, obs_value, original_value from marts.mart_quality_flag"
        f" where ref_area = '310000' and {COLUMN} and severity = 'error' and disposition = 'open'"
    )
    assert found
    assert {(state, value) for state, value, _ in found} == {("open", 190000.0)}
    assert None not in {original for _, _, original in found}


@pytest.mark.parametrize(
    ("area", "said"), [("350000", "the reporter was asked by "), ("340000", "waits for a second person")]
)
def test_what_is_asked_or_waits_leaves_the_value_where_it_was(
    decided: Released, area: str, said: str
) -> None:
    assert in_force(decided, f"ref_area = '{area}' and {COLUMN}") == []
    shown = decided.tongji("flags", "--severity", "error").stdout
    (paragraph,) = [part for part in shown.split("\n\n") if f"({area})" in part]
    assert said in paragraph
    assert shown.splitlines()[-1].startswith("To decide: tongji review FLAG_ID ")


def test_decisions_can_be_asked_for_and_count_no_longer_against_their_source(decided: Released) -> None:
    assert states(decided) == {
        "220000 2017 correct": "applied",
        "330000 2004 accept": "applied",
        "320000 2004 reject": "applied",
        "310000 2004 correct": "applied",
        "340000 2004 accept": "pending",
        "350000 2004 correct": "queried",
    }
    # Of 32, Jilin and Zhejiang are published and Jiangsu is out for good; the key that stands twice is new.
    ((quarantined, flags_open),) = decided.rows("select quarantined, flags_open from marts.release_info")
    assert quarantined == 32 - 3 + 1
    undecided = (
        "select count(*) from marts.mart_quality_flag where disposition in ('open', 'queried', 'pending')"
    )
    assert decided.rows(undecided) == [(flags_open,)]


def test_a_file_is_checked_under_the_decisions_that_stand(decided: Released) -> None:
    done = decided.tongji("check", str(PANEL), "--source", "province_panel")
    assert done.returncode == 1
    assert "112950.4" not in done.stdout
    assert (
        done.stdout.splitlines()[-1].endswith(" kept out by a decision 1")
        or "kept out by a decision 1 " in done.stdout
    )


@pytest.fixture(scope="module")
def sent_again(decided: Released) -> Released:
    """The yearbook once more with another value for Jilin; what raised flags of its own is decided upon as well."""
    decide(decided, f"ref_area = '310000' and {COLUMN}", "accept")
    decide(decided, TWICE, "accept")
    withdrawn = decided.rows("select flag_id from marts.mart_review where ref_area = '330000'")[0][0]
    assert decided.tongji("review", withdrawn, "withdraw", "--reason", "too early").returncode == 0
    book = openpyxl.load_workbook(PANEL)
    assert book.active is not None
    assert book.active["AM11"].value == 112950.4
    book.active["AM11"] = 12951.4
    folder = decided.home.inbox / "province_panel"
    folder.mkdir()
    book.save(Path(folder) / PANEL.name)
    told = refresh(decided)
    assert "1 decisions are about values which their source does not state any more" in told
    return decided


def test_another_value_of_the_source_is_not_decided_by_an_earlier_decision(sent_again: Released) -> None:
    assert in_force(sent_again, JILIN) == [(12951.4, None, "passed", "A")]
    assert states(sent_again)["220000 2017 correct"] == "unmatched"
    beside = f"select value_in_force from marts.mart_review where {JILIN}"
    assert sent_again.rows(beside) == [(12951.4,)]


def test_a_corrected_value_that_was_accepted_is_published(sent_again: Released) -> None:
    ((value, original, status, _),) = in_force(sent_again, f"ref_area = '310000' and {COLUMN}")
    assert (value, status) == (190000.0, "overridden")
    assert original is not None
    assert states(sent_again)["310000 2004 accept"] == "applied"


def test_of_a_key_that_stands_twice_one_is_published_once_accepted(sent_again: Released) -> None:
    found = sent_again.rows(
        f"select obs_value, quality_status from marts.fct_observation_vintage where {TWICE}"
    )
    assert found == [(51615.0, "overridden")]


def test_what_was_withdrawn_is_left_to_the_rules_again(sent_again: Released) -> None:
    assert in_force(sent_again, f"ref_area = '330000' and {COLUMN}") == []
    assert states(sent_again)["330000 2004 accept"] == "withdrawn"


def test_a_damaged_log_stops_the_refresh_and_the_last_release_stays(sent_again: Released) -> None:
    before = sent_again.rows("select release_id from marts.release_info")
    log = sent_again.home.reviews / "decisions.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole.replace(b'"decided_value":"12950.4"', b'"decided_value":"22950.4"'))
    try:
        done = sent_again.tongji("refresh")
        assert done.returncode == 1
        assert "decisions.jsonl, line 2: it does not follow line 1" in done.stderr
        assert sent_again.rows("select release_id from marts.release_info") == before
        doctor = sent_again.tongji("doctor")
        assert doctor.returncode == 1
        assert "✗ decisions in reviews/: " in doctor.stdout
    finally:
        log.write_bytes(whole)


def test_a_log_that_is_gone_altogether_stops_the_refresh(sent_again: Released, tmp_path: Path) -> None:
    reviews = sent_again.home.reviews
    names = ("decisions.jsonl", "head")
    for name in names:
        (reviews / name).rename(tmp_path / name)
    try:
        for command in ("refresh", "doctor"):
            done = sent_again.tongji(command)
            assert done.returncode == 1
            assert "decisions that the release in force tells of" in done.stdout + done.stderr
    finally:
        for name in names:
            (tmp_path / name).rename(reviews / name)
