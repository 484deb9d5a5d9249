"""Thousands of honest files, each damaged in one way: whatever comes out, it is a reading, and nothing breaks."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sources.cell import CELL_COLUMNS
from sources.declared.source import Declaration
from sources.guard.limits import Limits
from sources.reading import Reader
from tests.hostile.documents import honest_xls
from tests.hostile.packing import (
    HEADER,
    ROW,
    SHEET,
    entries_of,
    honest_workbook,
    open_document,
    packed,
    table,
    unpacked,
)

SEED = 20260101
MUTATIONS = 5_200
PIECES = [
    b"<",
    b">",
    b"/",
    b'"',
    b"&",
    b"\0",
    b"\xff",
    b"]]>",
    b"<!--",
    b"<c>",
    b"</row>",
    b"1e999",
    b"A1",
    b",",
    b"\n",
    b"-",
]

Mutation = Callable[[random.Random, bytes], bytes]


def flipped(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def cut(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 40) :]


def shortened(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def doubled(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    end = start + chance.randrange(1, 200)
    return content[:end] + content[start:]


def inserted(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.choice(PIECES) * chance.choice([1, 1, 2, 50]) + content[at:]


MUTATED: list[Mutation] = [flipped, cut, shortened, doubled, inserted]


def inside(name: str, whole: bytes) -> Mutation:
    """Damages one part of a zip file and packs it soundly again."""
    parts = unpacked(whole)

    def mutate(chance: random.Random, _: bytes) -> bytes:
        part = chance.choice([name, name, *parts])
        return packed(entries_of(whole, {part: chance.choice(MUTATED)(chance, parts[part])}))

    return mutate


def anywhere(chance: random.Random, content: bytes) -> bytes:
    return chance.choice(MUTATED)(chance, content)


TEXT = "\n".join(
    [",".join(HEADER), *(f'{110000 + n},2020,gdp,total,"{n}.5",亿元' for n in range(20))]
).encode()
DOCUMENT = open_document(table([HEADER, ROW, ROW]))
KINDS: dict[str, tuple[bytes, Mutation]] = {
    "a.csv": (TEXT, anywhere),
    "b.xlsx": (honest_workbook(), anywhere),
    "c.xlsx": (honest_workbook(), inside(SHEET, honest_workbook())),
    "d.ods": (DOCUMENT, inside("content.xml", DOCUMENT)),
    "e.xls": (honest_xls(), anywhere),
}

SHARES = [30, 15, 31, 21, 3]
"""Damage to an XLS often ends the reader, and starting another takes as long as reading fifty files."""

READERS = 2


def damaged(seed: int, files: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents of as many files, each damaged in one way."""
    chance = random.Random(seed)
    while files:
        name = chance.choices(list(KINDS), SHARES)[0]
        content, mutate = KINDS[name]
        mutated = mutate(chance, content)
        if mutated != content:
            files -= 1
            yield name, mutated


def read_damaged(submission: Declaration, path: Path, seed: int) -> Counter[str]:
    """How many of each kind were read whole, and how many were not."""
    seen: Counter[str] = Counter()
    with Reader(Limits(seconds=20)) as reader:
        for number, (name, content) in enumerate(damaged(seed, MUTATIONS // READERS)):
            path.write_bytes(content)
            reading = reader.read(path, submission, name)
            told = f"{name} {seed} {number}: {reading.rejects}"
            assert dict(reading.cells.schema) == CELL_COLUMNS, told
            assert reading.cells.height or reading.rejects, told
            assert all(one.code.startswith(("file.", "cell.")) for one in reading.rejects), told
            assert all(one.code != "file.reader_failed" for one in reading.rejects), told
            seen.update([name, "damaged" if reading.rejects else "whole"])
    return seen


@pytest.mark.slow
def test_a_damaged_file_is_always_a_reading(submission: Declaration, tmp_path: Path) -> None:
    with ThreadPoolExecutor(READERS) as pool:
        tasks = [
            pool.submit(read_damaged, submission, tmp_path / str(seed), seed)
            for seed in range(SEED, SEED + READERS)
        ]
    seen = sum((task.result() for task in tasks), Counter[str]())
    assert seen.total() == 2 * MUTATIONS
    assert min(seen[name] for name in KINDS) > 100
    assert seen["whole"] > 100
    assert seen["damaged"] > 1000
