"""Every entry of the catalogue is held by a rule, by something that is named, or has the reason why not."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from expectations.catalogue import Entry, Gap, gaps, load_catalogue
from expectations.dictionary import DOCUMENT, document
from expectations.rulebook import load_rules

COUNTS = {"A": 14, "B": 17, "C": 12, "D": 7, "E": 16, "F": 8, "G": 7}
RULES = load_rules()
CATALOGUE = load_catalogue()


def test_the_catalogue_has_every_entry_once() -> None:
    wanted = [f"{letter}{number:02}" for letter, last in COUNTS.items() for number in range(1, last + 1)]
    assert [name for group in CATALOGUE.values() for name in group.entries] == wanted
    assert len(wanted) == 81


def test_every_entry_is_accounted_for_once() -> None:
    assert gaps(CATALOGUE, RULES) == []


def test_what_is_not_accounted_for_is_told() -> None:
    without = [rule for rule in RULES if "A01" not in rule.catalogue]
    assert [gap.entry for gap in gaps(CATALOGUE, without)] == ["A01"]
    twice = [RULES[0].model_copy(update={"catalogue": ("B02", "A19")})]
    found = {gap.entry: gap for gap in gaps(CATALOGUE, [*RULES, *twice])}
    assert found["A19"] == Gap("A19", "a rule names it, the catalogue does not")
    assert RULES[0].name in found["B02"].problem


def test_an_entry_is_not_both_held_elsewhere_and_not_evaluable() -> None:
    with pytest.raises(ValidationError):
        Entry(asks="What?", elsewhere="There.", not_evaluable="Nothing tells.")


def test_what_an_entry_is_held_by_exists(checkout: Path) -> None:
    names = {path.stem for path in (checkout / "dbt_project").rglob("*") if path.suffix in (".sql", ".py")}
    messages = (checkout / "orchestration" / "messages.yml").read_text(encoding="utf-8")
    declared = "".join(
        path.read_text(encoding="utf-8") for path in (checkout / "dbt_project").rglob("_*.yml")
    )
    for group in CATALOGUE.values():
        for name, entry in group.entries.items():
            for word in re.findall(r"`([a-z_.]+)`", entry.elsewhere or ""):
                assert word in names or f"{word}:" in messages or word in declared, (name, word)


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(RULES, CATALOGUE), "run make docs"


def test_the_document_says_all_of_every_rule() -> None:
    text = document(RULES, CATALOGUE)
    for rule in RULES:
        assert text.count(f"### {rule.name}\n") == 1
        assert " ".join(rule.reason.split()) in text
        assert " ".join(rule.reference.split()) in text
