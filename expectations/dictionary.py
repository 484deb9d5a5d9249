"""The rules as a document: written from their YAML and the catalogue, so that they cannot differ.

`python -m expectations.dictionary` writes `docs/rules.md`; `make docs` calls it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from expectations.catalogue import Entry, Group, carried_out, load_catalogue
from expectations.rule import Rule
from expectations.rulebook import load_rules
from warehouse.home import CHECKOUT

DOCUMENT = CHECKOUT / "docs" / "rules.md"
OTHERS = "Beyond the catalogue"


def document(rules: Sequence[Rule], catalogue: Mapping[str, Group]) -> str:
    """The rules by group, and every entry of the catalogue with what holds it, as Markdown."""
    return "\n".join(_lines(rules, catalogue)) + "\n"


def _lines(rules: Sequence[Rule], catalogue: Mapping[str, Group]) -> Iterator[str]:
    severities = Counter(rule.severity for rule in rules)
    yield "# Rules"
    yield ""
    yield "Written by `make docs` from `expectations/rules/` and `expectations/catalogue.yml`; do not edit."
    yield ""
    yield (
        f"{len(rules)} rules: {severities['error']} find errors (the value is kept out), {severities['warning']} "
        f"warn (it is published and marked), {severities['information']} inform. A rule passes, fails or cannot be "
        "evaluated on a value; what cannot be evaluated never counts as passed. A failure that a declared event "
        "explains informs, whatever the severity. Levels are those of validation in the European Statistical System, "
        "0 (within the file) to 5 (between institutions)."
    )
    yield from _entries(rules, catalogue)
    for letter, title in [*((letter, group.title) for letter, group in catalogue.items()), ("", OTHERS)]:
        own = [rule for rule in rules if _group(rule) == letter]
        if own:
            yield ""
            yield f"## {letter} · {title}" if letter else f"## {title}"
            for rule in own:
                yield from _rule(rule)


def _group(rule: Rule) -> str:
    return rule.catalogue[0][0] if rule.catalogue else ""


def _entries(rules: Sequence[Rule], catalogue: Mapping[str, Group]) -> Iterator[str]:
    ruled = carried_out(rules)
    yield ""
    yield "## Catalogue"
    yield ""
    yield "| entry | asks | held by |"
    yield "|---|---|---|"
    for group in catalogue.values():
        for name, entry in group.entries.items():
            yield f"| {name} | {entry.asks} | {_held_by(entry, ruled.get(name, ()))} |"


def _held_by(entry: Entry, rules: Sequence[Rule]) -> str:
    if rules:
        return ", ".join(f"[`{rule.name}`](#{rule.name})" for rule in rules)
    if entry.not_evaluable:
        return f"**Not evaluable.** {entry.not_evaluable}"
    return f"**Not yet.** {entry.open}" if entry.open else str(entry.elsewhere)


def _rule(rule: Rule) -> Iterator[str]:
    yield ""
    yield f"### {rule.name}"
    yield ""
    yield f"{rule.description.en} {rule.description.zh}"
    yield ""
    about = [
        rule.severity,
        f"level {rule.validation_level}",
        *([", ".join(rule.catalogue)] if rule.catalogue else []),
        *(["of cells that are no number"] if rule.judges == "unreadable" else []),
        *(["explained by a declared event"] if rule.asks_about_a_jump else []),
    ]
    yield f"- {' · '.join(about)}"
    yield f"- Expected: {_code(rule.measured)} {rule.parameters}"
    if rule.where:
        yield f"- Scope: {_code(rule.where)}"
    if rule.needs:
        yield f"- Needs: {', '.join(map(_code, rule.needs))}"
    yield f"- Reason: {_line(rule.reason)}"
    yield f"- Reference: {_line(rule.reference)}"


def _code(sql: str) -> str:
    return f"`{_line(sql)}`"


def _line(text: str) -> str:
    return " ".join(text.split())


def write(file: Path = DOCUMENT) -> None:
    """Writes the document of the bundled rules."""
    file.write_text(document(load_rules(), load_catalogue()), encoding="utf-8")


if __name__ == "__main__":
    write()
