"""The one catalogue: both languages, the same places to fill in, and an entry for every code that anyone raises."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import doctor, messages
from orchestration.progress import STAGES
from sources.errors import TongjiError

ROOMS = ("sources", "warehouse", "expectations", "orchestration")
CODE = re.compile(r"[a-z]+(\.[a-z_]+)+")
# What a message about a reject may name: whoever shows it knows the address.
REJECT = {"file", "sheet", "cell", "row", "text", "source"}


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def raised(checkout: Path) -> Iterator[tuple[str, set[str] | None, str]]:
    """Every code that is raised, rejected or told in the tree, with the details given (None: not told by the AST)."""
    for room in ROOMS:
        for path in sorted((checkout / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    not isinstance(node, ast.Call)
                    or not node.args
                    or not isinstance(node.args[0], ast.Constant)
                ):
                    continue
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                code = node.args[0].value
                if not isinstance(code, str) or not CODE.fullmatch(code):
                    continue
                if called == "Reject":
                    yield code, REJECT, path.name
                elif called.endswith("Error") or called == "text":
                    given = {keyword.arg for keyword in node.keywords}
                    yield code, None if None in given else {name for name in given if name}, path.name


def rejected_by_models(checkout: Path) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in (checkout / "dbt_project").rglob("*.sql")]
    return {code for text in texts for code in re.findall(r"then '((?:cell|row|file)\.[a-z_]+)'", text)}


def test_every_text_is_there_in_both_languages_with_the_same_places() -> None:
    for code, texts in messages.catalogue().items():
        assert set(texts) == {"en", "zh"}, code
        assert all(text.strip() for text in texts.values()), code
        assert places(texts["en"]) == places(texts["zh"]), code


def test_no_code_is_written_twice() -> None:
    written = re.findall(r"^([\w.]+):", messages.CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(written) == sorted(messages.catalogue())


def test_chinese_is_chinese() -> None:
    same = {"doctor.python", "metavar.query"}
    for code, texts in messages.catalogue().items():
        assert re.search(r"[\u4e00-\u9fff]", texts["zh"]) or code in same, code
        assert not re.search(r"[\u4e00-\u9fff]", texts["en"]), code


def test_every_code_that_is_raised_has_a_message_with_known_places(checkout: Path) -> None:
    found = list(raised(checkout))
    assert len(found) > 50
    for code, given, where in found:
        texts = messages.catalogue().get(code)
        assert texts, f"{where} raises {code}, which is not in the catalogue"
        if given is not None:
            assert places(texts["en"]) <= given, f"{code} of {where}"


def test_every_reason_that_a_model_rejects_for_has_a_message(checkout: Path) -> None:
    codes = rejected_by_models(checkout)
    assert len(codes) > 10
    for code in codes:
        assert places(messages.catalogue()[code]["en"]) <= REJECT, code


def test_every_label_that_is_put_together_has_a_text() -> None:
    known = messages.catalogue()
    assert {f"stage.{name}" for name in STAGES} <= set(known)
    assert {f"doctor.{name}" for name in doctor.PARTS} <= set(known)


def test_no_text_is_there_for_nothing(checkout: Path) -> None:
    """A text whose code nobody names is a leftover."""
    everything = "".join(
        path.read_text(encoding="utf-8")
        for room in (*ROOMS, "dbt_project")
        for path in (checkout / room).rglob("*.*")
        if path.suffix in (".py", ".sql", ".j2")
    )
    put_together = (
        "click.",
        "stage.",
        "doctor.",
        "count.",
        "label.",
        "flag.",
        "severity.",
        "confidence.",
        "area_type.",
        "draft.",
        "column.",
        "quality.about_",
        "quality.index",
        "quality.suite",
    )
    for code in messages.catalogue():
        assert code.startswith(put_together) or code in everything, code


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"TONGJI_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ({"TONGJI_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"TONGJI_LANG": "fr"}, "en"),
    ],
)
def test_the_language_is_asked_for_or_the_locales_or_english(environment, language, monkeypatch) -> None:
    for name in ("TONGJI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert messages.language() == language


def test_an_error_is_one_sentence_with_its_details(monkeypatch) -> None:
    error = TongjiError("build.locked", pid=17, file=Path("/x/lock"))
    monkeypatch.setenv("TONGJI_LANG", "en")
    assert messages.sentence(error).startswith("Another refresh is running (process 17)")
    monkeypatch.setenv("TONGJI_LANG", "zh")
    assert messages.sentence(error).startswith("另一个 refresh 正在运行（进程 17）")


def test_what_is_not_foreseen_never_hides_the_problem() -> None:
    assert messages.sentence(TongjiError("no.such", file="a.csv")) == "no.such: file a.csv"
    assert "{pid}" in messages.text("build.locked")


def test_what_an_error_quotes_does_not_drive_the_terminal(monkeypatch) -> None:
    monkeypatch.setenv("TONGJI_LANG", "en")
    said = messages.sentence(TongjiError("no.such", problem="a\nb\x1b[2J\u202e"))
    assert said == "no.such: problem a b�[2J�"
