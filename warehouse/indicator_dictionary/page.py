"""The documents as Markdown: an entry for each indicator that is computed or computed with, tables for all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from warehouse.indicator_dictionary.entry import Entry, Row
from warehouse.indicator_dictionary.example import Example
from warehouse.indicator_dictionary.wording import Wording


class Page:
    """One document, in the language of its wording."""

    def __init__(self, wording: Wording, entries: Sequence[Entry], examples: Sequence[Example]) -> None:
        self._say = wording
        self._entries = {entry.name: entry for entry in entries}
        self._examples = examples
        self._subject_of = _subjects(wording.subjects(), entries)

    def document(self, documents: Sequence[Row], sources: Sequence[Row]) -> str:
        """The whole document, with the policy documents and the bundled sources at its end."""
        return "\n".join([*self._beginning(), *self._body(), *self._ending(documents, sources)]) + "\n"

    def _beginning(self) -> Iterator[str]:
        say, entries = self._say, list(self._entries.values())
        derived, policy = sum(each.is_derived for each in entries), sum(each.is_policy for each in entries)
        yield from _paragraphs(
            f"# {say('title')}",
            f"{say('other')} · {say('origin')}",
            say(
                "scope", all=len(entries), derived=derived, base=len(entries) - derived, policy=policy,
                detailed=len(entries) - policy, first=say("entries"), second=say("policy"),
            ),
            f"## {say('reading')}",
        )  # fmt: skip
        yield from (f"- {paragraph}" for paragraph in say.how())
        yield ""
        yield from _paragraphs(f"## {say('contents')}")
        for subject, group in self._by_subject():
            detailed = [self._link(each) for each in group if not each.is_policy]
            if detailed:
                yield f"- **{subject}** {' · '.join(detailed)}"
        yield f"- **[{say('policy')}](#policy)** {' · '.join(self._policy_links())}"
        yield ""

    def _policy_links(self) -> Iterator[str]:
        for subject, group in self._by_subject():
            count = sum(each.is_policy for each in group)
            if count:
                yield f"[{subject}](#{_policy_anchor(group)}) ({count})"

    def _body(self) -> Iterator[str]:
        say = self._say
        yield from _paragraphs(f'## <a id="entries"></a>{say("entries")}')
        for subject, group in self._by_subject():
            detailed = [each for each in group if not each.is_policy]
            if detailed:
                yield from _paragraphs(f"### {subject}")
                for each in detailed:
                    yield from self._entry(each)
        yield from _paragraphs(f'## <a id="policy"></a>{say("policy")}')
        yield from _paragraphs(say("policy_intro", documents=say("documents")))
        for subject, group in self._by_subject():
            if any(each.is_policy for each in group):
                yield from _paragraphs(f'### <a id="{_policy_anchor(group)}"></a>{subject}')
                yield from _table(say("indicators"), say("unit"), say("targets"))
                yield from (self._line(each) for each in group if each.is_policy)
                yield ""

    def _ending(self, documents: Sequence[Row], sources: Sequence[Row]) -> Iterator[str]:
        say = self._say
        yield from _paragraphs(f'## <a id="documents"></a>{say("documents")}')
        yield from _table("", say("document"), say("area"), say("period"))
        for row in documents:
            published = ", ".join(str(row[part]) for part in ("publisher", "published_on") if row[part])
            period = say.years(row["plan_start"], row["plan_end"]) if row["plan_start"] else ""
            title = row["title"] + (f"<br>{published}" if published else "")
            number = f'<a id="document-{row["document"]}"></a>{row["document"]}'
            yield f"| {number} | {title} | {say.area(row)} | {period} |"
        yield ""
        yield from _paragraphs(f"## {say('sources')}")
        yield from _table("", say("source"), say("producer"))
        for row in sources:
            name = f'<a id="source-{row["source"]}"></a>`{row["source"]}`'
            yield f"| {name} | {row[f'title_{say.language}']}<br>{row['citation']} | {row['producer']} |"

    def _entry(self, entry: Entry) -> Iterator[str]:
        say = self._say
        yield from _paragraphs(
            f'#### <a id="{entry.name}"></a>{say.name(entry)}', f"{say.other_name(entry)} · `{entry.name}`"
        )
        yield from (f"- **{label}** {text}" for label, text in self._facts(entry) if text)
        yield ""
        for example in self._examples:
            if example.indicator == entry.name:
                yield from self._example(example)

    def _example(self, example: Example) -> Iterator[str]:
        language = self._say.language
        yield from _paragraphs(f"**{self._say('example', of=example.of[language])}**")
        if example.equations:
            yield from ("```text", *example.equations, "```", "")
        if example.note:
            yield from _paragraphs(example.note[language])

    def _facts(self, entry: Entry) -> Iterator[tuple[str, str]]:
        say, register = self._say, entry.register
        inputs = [self._entries[name] for name in entry.inputs]
        decimals = say.table("decimals")[int(register["decimals"])]
        direction = say.table("direction")[register["direction"]]
        formula = _code(say.formula(entry))
        yield say("definition"), say.definition(entry)
        yield say("formula") if entry.is_derived else say("also"), formula
        yield (
            say("unit"),
            say("comma").join([say.unit(entry), decimals]) + say("semicolon") + direction,
        )
        yield say("basis"), say.basis(entry, self._all_inputs(entry))
        yield say("breaks"), say("semicolon").join(_events(entry, say))
        yield say("inputs"), say("list").join(map(self._link, inputs))
        yield say("enters"), say("list").join(self._link(self._entries[name]) for name in entry.enters)
        yield say("shown"), self._shown(register)
        figures = say("semicolon").join(map(say.figures, entry.figures))
        yield say("figures"), figures or say("nothing" if entry.is_derived else "no_figures")
        yield say("targets"), say("semicolon").join(map(say.target, entry.targets))
        yield say("follows"), say.standard(entry)

    def _line(self, entry: Entry) -> str:
        say = self._say
        name = f'<a id="{entry.name}"></a>**{say.name(entry)}**<br>{say.brief(entry)}<br>`{entry.name}`'
        unit = f"{say.arrow(entry)} {say.unit(entry)}"
        told = [*map(say.target, entry.targets), *map(say.figures, entry.figures)]
        return f"| {name} | {unit} | {'<br>'.join(told)} |"

    def _shown(self, register: Mapping[str, str]) -> str:
        if not register["mart"]:
            return ""
        told = [
            f"[`{register['mart']}`](relations.md#{register['mart']})",
            self._say("column", column=register["mart_column"]),
        ]
        if register["mart_component"]:
            told.append(self._say("component", component=register["mart_component"]))
        return self._say("comma").join(told)

    def _link(self, entry: Entry) -> str:
        return f"[{self._say.name(entry)}](#{entry.name})"

    def _all_inputs(self, entry: Entry) -> Iterator[Entry]:
        for name in entry.inputs:
            yield self._entries[name]
            yield from self._all_inputs(self._entries[name])

    def _by_subject(self) -> Iterator[tuple[str, list[Entry]]]:
        for subject, group in groupby(self._entries.values(), lambda each: self._subject_of[each.name]):
            yield subject, list(group)


def _subjects(subjects: Sequence[tuple[str, str]], entries: Sequence[Entry]) -> dict[str, str]:
    """The subject of each indicator: each reaches to the first indicator of the next."""
    first, subject, found = dict(subjects), "", {}
    for entry in entries:
        subject = first.get(entry.name, subject)
        found[entry.name] = subject
    return found


def _policy_anchor(group: Sequence[Entry]) -> str:
    return f"policy-{group[0].name}"


def _events(entry: Entry, say: Wording) -> Iterator[str]:
    for row in entry.events:
        yield say("event", year=row["ref_year"], reason=row[say.language])


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _paragraphs(*texts: str) -> Iterator[str]:
    for text in texts:
        yield text
        yield ""


def _table(*headings: str) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
