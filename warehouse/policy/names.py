"""What a person may write for a code of a register: the code, or a registered name that is the only one of its kind.

Here: whole names, and those near a text that is none. Not here: the labels of figures, which the models read, each in
its year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

LIKENESS = 0.6
SHOWN = 3


@dataclass(frozen=True)
class Names:
    """Codes, and what they are called.

    Attributes:
        codes: code to its name for people.
        called: name in small letters to the codes that bear it.
    """

    codes: Mapping[str, str]
    called: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, codes: Mapping[str, str], names: Iterable[tuple[str, str]]) -> Names:
        """The names of codes.

        Args:
            codes: code to its name for people.
            names: names, each with a code that bears it; blank ones name nothing.
        """
        called: dict[str, set[str]] = {}
        for name, code in (*names, *((code, code) for code in codes)):
            if name:
                called.setdefault(name.casefold(), set()).add(code)
        return cls(codes, {name: frozenset(bearers) for name, bearers in called.items()})

    def meant(self, text: str) -> list[str]:
        """The codes that a text may mean: one for a code, none for a text that is no name."""
        return [text] if text in self.codes else sorted(self.called.get(text.casefold(), ()))

    def code(self, text: str) -> str:
        """The code that a text means; the text itself where none is meant, or several are."""
        meant = self.meant(text)
        return meant[0] if len(meant) == 1 else text

    def near(self, text: str) -> list[str]:
        """The codes whose names are like a text, the likest first."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        like = process.extract(
            text.casefold(),
            self._spellings,
            scorer=OSA.normalized_similarity,
            score_cutoff=LIKENESS,
            limit=4 * SHOWN,
        )
        found = (code for name, _, _ in like for code in sorted(self.called[name]))
        return list(dict.fromkeys(found))[:SHOWN]

    def told(self, codes: Iterable[str]) -> str:
        """Codes with their names, for a message."""
        return ", ".join(f"{code} ({self.codes[code]})" if self.codes[code] else code for code in codes)

    @cached_property
    def _spellings(self) -> list[str]:
        return sorted(self.called)
