"""The measured table as it stands in `docs/quality.md`, written and read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.quality.kinds import Kind
from tests.quality.measure import Score, interval

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADINGS = (
    "planted", "size", "n", "found as error", "as warning", "no other accused", "wrong cells called errors",
    "suggestions right",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What was measured of the clean panel and of every kind of planted error."""

    clean: tuple[int, int, int]
    scores: Mapping[Kind, Score]

    def lines(self) -> Iterator[str]:
        """The section as Markdown."""
        observations, errors, warnings = self.clean
        yield BEGIN
        yield (
            f"Clean values: {observations:,} observations, {_share(errors, observations, 2)} called errors,"
            f" {_share(warnings, observations, 2)} warnings."
        )
        yield ""
        yield f"| {' | '.join(HEADINGS)} |"
        yield f"|{'---|' * len(HEADINGS)}"
        for kind, score in self.scores.items():
            yield f"| {' | '.join(_row(kind, score))} |"
        yield ""
        yield "| confidence of a suggestion | n | right |"
        yield "|---|---|---|"
        for confidence in ("high", "medium"):
            right, wrong = (
                sum(score.by_confidence[confidence, hit] for score in self.scores.values())
                for hit in (True, False)
            )
            yield f"| {confidence} | {right + wrong} | {_share(right, right + wrong)} |"
        yield END


def _row(kind: Kind, score: Score) -> tuple[str, ...]:
    return (
        kind.name,
        kind.size,
        str(score.planted),
        _share(score.errors, score.planted),
        _share(score.warnings, score.planted),
        _share(score.culprits, score.errors),
        _share(score.cells_found, score.cells),
        _share(score.right, score.suggested) if kind.suggests else "–",
    )


def _share(hits: int, of: int, decimals: int = 0) -> str:
    """`95 % (38/40, 83–99)`: the share, its counts and its interval."""
    if not of:
        return "none"
    low, high = interval(hits, of)
    return f"{100 * hits / of:.{decimals}f} % ({hits}/{of}, {low:.{decimals}f}–{high:.{decimals}f})"


def written(document: Path) -> str:
    """What the document says was measured."""
    text = document.read_text(encoding="utf-8")
    return text[text.index(BEGIN) : text.index(END) + len(END)]


def write(document: Path, measured: Measured) -> None:
    """Put what was measured into the document."""
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace(written(document), "\n".join(measured.lines())), encoding="utf-8")


def hits(section: str) -> dict[str, tuple[int, ...]]:
    """By kind and size, how many were found, found alone, found cell by cell and rightly suggested, of so many each."""
    rows = (line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| "))
    return {
        f"{row[0]}, {row[1]}": tuple(number for cell in (row[3], *row[5:]) for number in _counts(cell))
        for row in rows
        if len(row) == len(HEADINGS) and row[2].isdigit()
    }


def _counts(cell: str) -> tuple[int, int]:
    found = re.search(r"(\d+)/(\d+)", cell)
    return (int(found[1]), int(found[2])) if found else (0, 0)
