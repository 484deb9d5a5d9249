"""What is published names no machine, no host of a package index, no ticket and no note to oneself."""

import re
from pathlib import Path

import pytest

TEXT = {".py", ".sql", ".yml", ".yaml", ".md", ".toml", ".lock", ".cfg", ".ini", ".sh", ".html", ""}
# Joined from parts, so that this file may be looked at too.
TRACES = {
    "the path of a machine": r"(?<![\w.~])/(?:"
    + "|".join(["work", "root", "tmp", "home/[a-z]+", "Users/[a-z]+", "opt/"])
    + r")\b",
    "the host of a package index": "|".join(
        [
            r"pypi\." + "org",
            "pythonhosted" + r"\.org",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian\.org",
            "tuna" + r"\.tsinghua",
        ]
    ),
    "the number of a ticket": r"(?:^|[\s(])#" + r"\d{1,5}(?![\w.])",
    "a note to oneself": r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b",
}
SHARED = ".." + "/shared"


def texts(tree: list[Path], checkout: Path) -> dict[Path, str]:
    found = {
        path: (checkout / path).read_text(encoding="utf-8")
        for path in tree
        if path.suffix in TEXT and path.name != "LICENSE" and "files" not in path.parts
    }
    assert len(found) > 20
    return found


@pytest.mark.parametrize("trace", TRACES)
def test_no_file_bears_a_trace(tree: list[Path], checkout: Path, trace: str) -> None:
    pattern = re.compile(TRACES[trace], re.MULTILINE)
    found = {
        f"{path}: {match.group().strip()}"
        for path, text in texts(tree, checkout).items()
        for match in pattern.finditer(text)
    }
    assert not found


def test_only_tests_look_beside_the_checkout(tree: list[Path], checkout: Path) -> None:
    outside = {path for path, text in texts(tree, checkout).items() if SHARED in text}
    assert {path.parts[0] for path in outside} <= {"tests"}


def test_every_decision_is_referred_to_and_numbered_once(tree: list[Path], checkout: Path) -> None:
    decisions = [path for path in tree if path.parent == Path("docs/decisions")]
    numbers = sorted(path.name[:5] for path in decisions)
    assert numbers == [f"{number:04d}-" for number in range(1, len(decisions) + 1)]
    for decision in decisions:
        others = (text for path, text in texts(tree, checkout).items() if path != decision)
        assert any(decision.name in text for text in others), decision


def test_nothing_generated_is_committed(tree: list[Path]) -> None:
    generated = {"var", "target", "logs", "__pycache__", ".venv", "build", "dist"}
    assert not [path for path in tree if path.suffix in {".duckdb", ".wal", ".pyc"}]
    assert not [path for path in tree if path.parts[0] in generated or "__pycache__" in path.parts]
