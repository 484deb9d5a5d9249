"""The log of decisions: whatever is done to it afterwards is found, and two who write at once do not break it."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.decision import Decision, Evidence, Value
from expectations.errors import ExpectationError
from expectations.review import ReviewLog
from warehouse.archive import content_path, store

KEY = {
    "ref_area": "220000", "freq": "A", "time_period": "2017", "accumulation": "period", "area_type": "rural",
    "indicator": "disposable_income_per_capita", "source": "province_panel", "definition": "disposable income",
}  # fmt: skip


def decision(reason: str = "as the county says", **more: object) -> Decision:
    return Decision.model_validate(
        {
            "action": "accept", "flag_id": "0123456789abcdef", "value": Value(obs_value="112950.4", **KEY),
            "unit_measure": "CNY", "raw_text": "112950.4", "unit_text": "元", "place": ("a.xlsx", "分地区", "AM11"),
            "vintage": "2020-12-31", "ref_year": 2017, "reason": reason, "account": "li", "login": "li",
            "decided_at": datetime(2026, 1, 1, tzinfo=UTC), "release_id": "r", **more,
        }
    )  # fmt: skip


def write(log: ReviewLog, *decisions: Decision) -> None:
    for one in decisions:
        with log.writing() as entries:
            log.append(one, entries)


def code_of(log: ReviewLog) -> str:
    with pytest.raises(ExpectationError) as raised:
        log.verify()
    return raised.value.code


@pytest.fixture
def log(tmp_path: Path) -> ReviewLog:
    return ReviewLog(tmp_path / "reviews")


def test_nothing_decided_is_an_empty_log_and_makes_no_file(log: ReviewLog) -> None:
    assert log.verify() == []
    with log.writing() as entries:
        assert entries == []
    assert list(log.folder.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "confirm"},
        {"about": "0123456789abcdef"},
        {"action": "correct"},
        {"decided_value": "12950.4"},
        {"evidence": {"sha256": "../../etc/passwd", "name": "letter.pdf"}},
    ],
)
def test_a_line_that_makes_no_sense_is_damaged(log: ReviewLog, wrong: dict[str, object]) -> None:
    write(log, decision())
    line = json.loads(log.path.read_text(encoding="utf-8"))
    log.path.write_text(json.dumps(line | wrong) + "\n", encoding="utf-8")
    assert code_of(log) == "review.damaged_line"


def test_decisions_are_read_back_in_order_each_after_the_one_before(log: ReviewLog) -> None:
    write(log, *(decision(reason=str(number)) for number in range(3)))
    entries = log.verify()
    assert [entry.decision.reason for entry in entries] == ["0", "1", "2"]
    assert [entry.decision.previous for entry in entries] == [
        "0" * 64, entries[0].sha256, entries[1].sha256
    ]  # fmt: skip
    assert all(entry.sha256.startswith(entry.decision_id) for entry in entries)


LINES = st.lists(st.text(max_size=5), min_size=1, max_size=5)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(reasons=LINES, data=st.data())
def test_any_line_altered_removed_moved_or_put_in_is_found(
    tmp_path_factory: pytest.TempPathFactory, reasons: list[str], data: st.DataObject
) -> None:
    log = ReviewLog(tmp_path_factory.mktemp("log"))
    write(log, *map(decision, reasons))
    lines = log.path.read_bytes().splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1))
    damage = data.draw(st.sampled_from(["edit", "byte", "remove", "swap", "repeat", "insert"]))
    damaged = list(lines)
    if damage == "edit":
        damaged[number] = json.dumps(json.loads(lines[number]) | {"decided_value": "1"}).encode()
    elif damage == "byte":
        place = data.draw(st.integers(0, len(lines[number]) - 1))
        sign = data.draw(st.integers(0, 255).filter(lambda byte: byte != lines[number][place]))
        damaged[number] = lines[number][:place] + bytes([sign]) + lines[number][place + 1 :]
    elif damage == "remove":
        del damaged[number]
    elif damage == "swap":
        damaged[number], damaged[other] = damaged[other], damaged[number]
    elif damage == "repeat":
        damaged.insert(other, lines[number])
    else:
        made = decision("put in").model_copy(update={"previous": data.draw(st.sampled_from("ab")) * 64})
        damaged.insert(number, made.model_dump_json().encode())
    content = b"".join(line + b"\n" for line in damaged)
    before = log.path.read_bytes()
    log.path.write_bytes(content)
    if content == before:
        assert len(log.verify()) == len(lines)
    else:
        assert code_of(log).startswith("review.")


def test_a_lost_end_is_missed_though_the_rest_hangs_together(log: ReviewLog) -> None:
    write(log, decision("1"), decision("2"))
    first, _ = log.path.read_bytes().splitlines()
    log.path.write_bytes(first + b"\n")
    assert code_of(log) == "review.cut_off"


def test_a_log_that_is_gone_altogether_is_missed_where_a_release_tells_of_it(log: ReviewLog) -> None:
    write(log, decision("1"), decision("2"))
    released = [entry.decision_id for entry in log.verify()]
    assert len(log.verify(released)) == 2
    log.path.unlink()
    (log.folder / "head").unlink()
    assert log.verify() == []
    with pytest.raises(ExpectationError) as raised:
        log.verify(released)
    assert (raised.value.code, raised.value.details["lost"]) == ("review.lost", 2)


def test_a_lost_head_is_missed(log: ReviewLog) -> None:
    write(log, decision("1"), decision("2"))
    head = log.folder / "head"
    head.unlink()
    assert code_of(log) == "review.head_behind"
    head.write_text("<<<<<<< ours\n", encoding="ascii")
    assert code_of(log) == "review.damaged_head"


def test_a_crash_before_the_head_was_written_loses_nothing(log: ReviewLog) -> None:
    write(log, decision("1"))
    head = (log.folder / "head").read_bytes()
    write(log, decision("2"))
    (log.folder / "head").write_bytes(head)
    assert len(log.verify()) == 2
    write(log, decision("3"))
    assert [entry.decision.reason for entry in log.verify()] == ["1", "2", "3"]


def test_a_line_that_a_crash_cut_off_was_never_decided(log: ReviewLog) -> None:
    write(log, decision("1"))
    whole = log.path.read_bytes()
    for length in (1, len(whole) // 2, len(whole) - 1):
        log.path.write_bytes(whole + whole[:length])
        assert [entry.decision.reason for entry in log.verify()] == ["1"]
    write(log, decision("2"))
    assert [entry.decision.reason for entry in log.verify()] == ["1", "2"]


def test_two_branches_put_together_are_told_apart_by_their_lines(log: ReviewLog, tmp_path: Path) -> None:
    write(log, decision("common"))
    other = ReviewLog(tmp_path / "other")
    other.folder.mkdir()
    for path in log.folder.iterdir():
        (other.folder / path.name).write_bytes(path.read_bytes())
    write(log, decision("ours"))
    write(other, decision("theirs"))
    theirs = other.path.read_bytes().splitlines()[1]
    log.path.write_bytes(log.path.read_bytes() + theirs + b"\n")
    with pytest.raises(ExpectationError) as raised:
        log.verify()
    assert raised.value.code == "review.forked"
    assert (raised.value.details["first"], raised.value.details["second"]) == (2, 3)


def test_evidence_that_was_altered_or_lost_is_named(log: ReviewLog, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"12950.4")
    log.folder.mkdir()
    sha256 = store(log.evidence, letter)
    write(log, decision(evidence=Evidence(sha256=sha256, name="letter.pdf")))
    kept = content_path(log.evidence, sha256)
    assert log.verify()
    kept.chmod(0o644)
    kept.write_bytes(b"99999")
    assert code_of(log) == "review.evidence_altered"
    kept.unlink()
    assert code_of(log) == "review.evidence_gone"


def _write_many(folder: Path, name: str) -> None:
    log = ReviewLog(folder)
    for number in range(20):
        write(log, decision(f"{name} {number}"))


def test_two_processes_that_write_at_once_make_one_chain(log: ReviewLog) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(log.folder, name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    entries = log.verify()
    assert len(entries) == 40
    for name in ("a", "b"):
        own = [entry.decision.reason for entry in entries if entry.decision.reason.startswith(name)]
        assert own == [f"{name} {number}" for number in range(20)]


def test_a_folder_that_cannot_be_written_is_named(log: ReviewLog) -> None:
    log.folder.write_bytes(b"in the way")
    with pytest.raises(ExpectationError) as raised:
        write(log, decision())
    assert raised.value.code == "review.unwritable"
