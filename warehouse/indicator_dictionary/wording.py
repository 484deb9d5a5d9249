"""The words of the documents in one language, and the phrases that are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from warehouse.indicator_dictionary.entry import Entry, Row

WORDS = Path(__file__).with_name("wording.yml")
LANGUAGES = ("en", "zh")


class Wording:
    """What is said in one language, `en` or `zh`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    def __call__(self, code: str, **places: object) -> str:
        """A text with its places filled in."""
        return str(self._words[code][self.language]).format(**places)

    def table(self, code: str) -> dict[Any, str]:
        """The texts of a code that has several."""
        texts: dict[Any, str] = self._words[code][self.language]
        return texts

    def how(self) -> list[str]:
        """How the document is read, paragraph by paragraph."""
        paragraphs: list[str] = self._words["how"][self.language]
        return paragraphs

    def subjects(self) -> list[tuple[str, str]]:
        """The first indicator of each subject, and the subject's name."""
        return [(subject["from"], subject[self.language]) for subject in self._words["subjects"]]

    def name(self, entry: Entry) -> str:
        """The indicator's name in this language."""
        return entry.register[f"name_{self.language}"]

    def other_name(self, entry: Entry) -> str:
        """The indicator's name in the other language."""
        return entry.register["name_zh" if self.language == "en" else "name_en"]

    def definition(self, entry: Entry) -> str:
        """What the indicator measures."""
        return entry.register["definition_zh" if self.language == "zh" else "default_definition"]

    def formula(self, entry: Entry) -> str:
        """How it is computed, or how it also follows from others; empty where neither is said."""
        return entry.register["formula_zh" if self.language == "zh" else "formula"]

    def standard(self, entry: Entry) -> str:
        """What its definition follows; in the register's words where there are none in Chinese."""
        said = entry.register["standard"]
        return self._words["standards"].get(said, said) if self.language == "zh" else said

    def brief(self, entry: Entry) -> str:
        """The definition, and the standard where one is named."""
        definition = self.definition(entry)
        if entry.register["standard"] == self._words["unnamed"]:
            return definition
        return self("by_standard", definition=definition, standard=self.standard(entry))

    def arrow(self, entry: Entry) -> str:
        """Whether more is better, as a sign."""
        return str(self._words["arrow"][entry.register["direction"]])

    def unit(self, entry: Entry) -> str:
        """The unit in which people read it, standing by itself."""
        text = entry.register["display_unit"]
        if self.language == "zh":
            return text
        scale, plain = self._scaled(text)
        word = self._words["units"].get(plain, plain) or self._words["unit_words"].get(plain, "")
        parts = [self._words["scale_words"].get(scale, ""), word]
        return " ".join(filter(None, parts)) or str(self._words["unit_words"][""])

    def amount(self, value: Decimal, unit: str) -> str:
        """A figure with its unit: in Chinese as printed, in English without the scales of ten thousand."""
        if self.language == "zh":
            return f"{value.normalize():f}{unit}"
        scale, plain = self._scaled(unit)
        full, word = value * scale, self._words["units"].get(plain, plain)
        for size, name in self._words["magnitudes"].items():
            if scale > 1 and full >= size:
                return f"{(full / size).normalize():,f} {name} {word}".strip()
        return f"{full.normalize():,f} {word}".strip()

    def _scaled(self, unit: str) -> tuple[int, str]:
        for sign, scale in self._words["scales"].items():
            if unit.startswith(sign):
                return scale, unit.removeprefix(sign)
        return 1, unit

    def area(self, row: Row) -> str:
        """The area's name in this language, or the Chinese one where there is no other."""
        return str(row[f"name_{self.language}"] or row["name_zh"])

    def years(self, first: int, last: int) -> str:
        """A span of years, or the one year that it is."""
        return self("year", first=first) if first == last else self("years", first=first, last=last)

    def basis(self, entry: Entry, inputs: Iterable[Entry]) -> str:
        """What its figures are comparable with."""
        bases, register = self.table("bases"), entry.register
        basis = bases[register["default_basis"]]
        if register["earlier_basis"]:
            earlier = bases[register["earlier_basis"]]
            return self("changed", basis=basis, since=register["basis_since"], earlier=earlier)
        if any(each.register["earlier_basis"] for each in inputs):
            return self("by_basis", basis=basis)
        return basis

    def figures(self, row: Row) -> str:
        """Where figures of the indicator are from, of which areas, parts and years."""
        source = f"[{row['source']}](#source-{row['source']})" if row["source"] else self("computed")
        many = row["area_count"] > 1
        told = [self("areas", count=row["area_count"]) if many else self.area(row)]
        if row["area_types"] != ["total"]:
            told.append(self("list").join(self.table("area_types")[part] for part in row["area_types"]))
        told.append(self.years(row["first"], row["last"]))
        return self("held", source=source, told=self("comma").join(told))

    def target(self, row: Row) -> str:
        """What a document asks for, with the document's number."""
        number = f"[{row['document']}](#document-{row['document']})"
        part = "" if row["area_type"] == "total" else f" {self.table('area_types')[row['area_type']]}"
        marks = self("aspirational") if row["commitment"] == "aspirational" else ""
        marks += self("damaged") if row["ocr_damaged"] else ""
        return f"{number}{part} {self._aim(row)}{marks}"

    def _aim(self, row: Row) -> str:
        value, comparator = row["printed_value"], row["comparator"] or ""
        if value is None and not comparator:
            return self("mentioned")
        amount = "" if value is None else self.amount(value, row["printed_unit"])
        aim = self.table("comparators")[comparator].format(amount=amount)
        kind, first, last = row["kind"], row["period_start"], row["target_year"]
        pattern = self.table("kinds")[kind]
        if last is None:
            pattern = self.table("undated").get(kind, pattern)
        elif first is None:
            pattern = self.table("since_beginning").get(kind, pattern)
        return pattern.format(aim=aim, first=first, last=last)
