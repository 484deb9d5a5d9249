"""What a reviewer is told who decides on a flag of a release; nothing is written that cannot stand."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from expectations.review import ReviewLog
from orchestration import reviewer
from orchestration.cli import tongji
from orchestration.errors import OrchestrationError
from tests.conftest import Released
from warehouse.home import Home

RATIO, DIGIT = "dc22537a149ab4af", "22f0c32be71e78f6"
"""Two flags on the rural income of Jilin in 2017."""

Type = Callable[..., Result]


@pytest.fixture
def desk(released: Released, tmp_path: Path) -> Home:
    """A home with the bundled release and reviews of its own."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.releases.symlink_to(released.home.releases)
    return home


@pytest.fixture
def review(desk: Home, monkeypatch: pytest.MonkeyPatch) -> Type:
    monkeypatch.setenv("TONGJI_HOME", str(desk.root))
    monkeypatch.setenv("TONGJI_LANG", "en")

    def type_in(
        flag_id: str, action: str, *options: str, reason: str = "as the county says", **env: str
    ) -> Result:
        arguments = ["review", flag_id, action, "--reason", reason, *options]
        return CliRunner().invoke(tongji, arguments, prog_name="tongji", env=env)

    return type_in


@pytest.fixture
def letter(tmp_path: Path) -> str:
    path = tmp_path / "来函.txt"
    path.write_text("12950.4", encoding="utf-8")
    return str(path)


def written(desk: Home) -> list[dict]:
    path = ReviewLog(desk.reviews).path
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )


def test_a_correction_is_told_back_with_what_the_next_refresh_does(
    desk: Home, review: Type, letter: str
) -> None:
    done = review(RATIO[:6], "correct", "--value", "1.29504 10K_CNY", "--evidence", letter)
    assert done.exit_code == 0, done.output
    first, second = done.stdout.splitlines()
    assert first.endswith("吉林省 2017 Per-capita disposable income (rural), 112950.4 CNY.")
    assert second.startswith("The next refresh puts 12950.4 CNY in its place")
    (line,) = written(desk)
    assert (line["value"]["obs_value"], line["decided_value"]) == ("112950.4", "12950.4")
    assert {flag["flag_id"] for flag in line["flags"]} >= {RATIO, DIGIT}
    assert line["evidence"]["name"] == "来函.txt"
    assert line["account"] == line["login"]
    ReviewLog(desk.reviews).verify()


def test_without_evidence_the_outcome_is_a_query_sheet(desk: Home, review: Type) -> None:
    done = review(DIGIT, "correct", "--value", "12950.4", reason='=HYPERLINK("http://x")')
    assert done.exit_code == 0, done.output
    sheet = desk.reviews / "queries" / f"{DIGIT}.xlsx"
    assert f"send the query sheet {sheet} " in done.stdout
    page = openpyxl.load_workbook(sheet).active
    assert page is not None
    rows = {str(name): value for name, value in page.iter_rows(values_only=True)}
    assert rows["地区 Area"] == "吉林省 (220000)"
    assert rows["指标 Figure"].startswith("2017 人均可支配收入 Per-capita disposable income")
    assert rows["文件、工作表、单元格 File, sheet, cell"].endswith("分地区 · AM11")
    assert rows["报送数 As printed"] == "112950.4 元 (= 112950.4 CNY)"
    assert "the neighbouring years tell about 12899.52 元" in rows["疑问 Why"]
    assert "城镇收入 28318.7" in rows["疑问 Why"]
    assert rows["推测应为 A slip would explain it as"] == "12950.4 CNY"
    assert rows["核实数（注明单位） Right value, with unit"] is None
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_a_query_is_sent_once_and_answered_by_a_decision(desk: Home, review: Type, letter: str) -> None:
    assert review(DIGIT, "correct", "--value", "12950.4").exit_code == 0
    again = review(RATIO, "correct", "--value", "12950.4")
    assert again.exit_code == 1
    assert "has asked the reporter" in again.stderr
    assert review(RATIO, "correct", "--value", "12950.4", "--evidence", letter).exit_code == 0
    twice = review(DIGIT, "accept")
    assert twice.exit_code == 1
    assert "withdraw that first" in twice.stderr
    assert review(DIGIT, "withdraw").exit_code == 0
    assert review(DIGIT, "correct", "--value", "12950.4").exit_code == 0
    assert sorted(path.name for path in (desk.reviews / "queries").iterdir()) == [
        f"{DIGIT}-2.xlsx",
        f"{DIGIT}.xlsx",
    ]


REFUSED = [
    (("ffffffffffffffff", "accept"), "No flag begins with ffffffffffffffff"),
    (("ff", "accept"), "is no id of a flag"),
    ((RATIO, "correct"), "A correction needs the right value: --value V, in 元."),
    ((RATIO, "correct", "--value", "x"), "“x” is no number"),
    ((RATIO, "correct", "--value", "1295000"), "1295000 CNY is not possible"),
    ((RATIO, "correct", "--value", "112950.4"), "is what is flagged"),
    ((RATIO, "accept", "--value", "1"), "accept takes no value"),
    ((RATIO, "correct", "--value", "12950.4", "--evidence", "/nowhere/letter.pdf"), "cannot be read (No such file"),
    ((RATIO, "confirm"), "No decision stands about flag"),
    ((RATIO, "withdraw"), "No decision stands about flag"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_cannot_be_decided_is_said_and_not_written(
    desk: Home, review: Type, arguments: tuple[str, ...], said: str
) -> None:
    done = review(*arguments)
    assert done.exit_code == 1, done.output
    assert said in done.stderr
    assert written(desk) == []
    assert not desk.reviews.exists() or not list(desk.reviews.iterdir())


def test_evidence_that_shows_nothing_is_refused(desk: Home, review: Type, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    done = review(RATIO, "correct", "--value", "12950.4", "--evidence", str(empty))
    assert "is empty and shows nothing" in done.stderr
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = review(RATIO, "correct", "--value", "12950.4", "--evidence", str(pipe))
    assert "cannot be read (no regular file)" in done.stderr
    assert written(desk) == []


def test_a_reason_must_be_given(review: Type) -> None:
    assert "A decision needs a reason" in review(RATIO, "accept", reason="  ").stderr


def test_ids_that_begin_alike_are_not_guessed_at(desk: Home) -> None:
    with pytest.raises(OrchestrationError) as raised:
        reviewer._full_id(desk, RATIO[:1], None)
    assert raised.value.code == "review.ambiguous"
    assert len(str(raised.value.details["found"]).split(", ")) > 1


def test_a_second_person_must_be_another_account(
    desk: Home, review: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.config.write_text("approval: {second_person: true}\n", encoding="utf-8")
    monkeypatch.setattr(reviewer, "_account", lambda _: ("li", "li"))
    done = review(RATIO, "accept")
    assert "Nothing changes before a second person confirms it" in done.stdout
    assert "waits for a second person" in review(DIGIT, "reject").stderr
    assert "cannot be the second person" in review(RATIO, "confirm").stderr
    monkeypatch.setattr(reviewer, "_account", lambda _: ("wang", "wang"))
    confirmed = review(DIGIT, "confirm", reason="I saw the yearbook")
    assert "The next refresh publishes 112950.4 CNY as it is" in confirmed.stdout
    assert [line["account"] for line in written(desk)] == ["li", "wang"]
    assert "Nothing about flag" in review(RATIO, "confirm").stderr


def test_people_who_share_a_login_name_themselves(desk: Home, review: Type) -> None:
    desk.config.write_text("approval: {shared_login: true}\n", encoding="utf-8")
    assert "TONGJI_ACCOUNT" in review(RATIO, "accept").stderr
    assert review(RATIO, "accept", TONGJI_ACCOUNT="李雷").exit_code == 0
    (line,) = written(desk)
    assert line["account"] == "李雷"
    assert line["login"] != "李雷"


def test_a_name_in_the_environment_counts_only_where_the_settings_say_so(desk: Home, review: Type) -> None:
    assert review(RATIO, "accept", TONGJI_ACCOUNT="李雷").exit_code == 0
    assert written(desk)[0]["account"] != "李雷"


def test_a_damaged_log_takes_no_decision(desk: Home, review: Type) -> None:
    assert review(RATIO, "accept").exit_code == 0
    log = ReviewLog(desk.reviews).path
    log.write_text(log.read_text(encoding="utf-8").replace("the county", "the city"), encoding="utf-8")
    done = review(RATIO, "withdraw")
    assert done.exit_code == 1
    assert "its end was altered or removed" in done.stderr
