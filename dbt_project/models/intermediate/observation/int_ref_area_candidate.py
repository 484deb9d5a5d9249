"""Grain: label as printed and area, in one period of its validity, that the label may mean.

What a text alone can tell: the areas whose code or name it is (`likeness` NULL), or else those whose names are like it.
Which of them is meant in a year and under a parent is for `int_ref_area_label`. Only distinct labels are read.

Python, because DuckDB neither knows traditional characters nor counts the errors in a Chinese text by characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import opencc
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import OSA

# A file of nothing but unknown labels shall not hold up the others: so many get suggestions.
SUGGESTED_FOR = 500
# One wrong character in three, two in six; in a name of two any other would be as like.
LIKENESS = 0.66
LONGEST_LABEL = 60

NAMED, SHORTENED = 1, 2

MARKS = re.compile(r"[①-⑳⓪❶-❿➀-➓*＊※†‡§#＃¹²³⁰⁴-⁹]|[\[［〔]\s*注?\s*\d{0,2}\s*[\]］〕]")
REMARKS = re.compile(r"\(\s*注?\s*\d{0,2}\s*\)|(?<!\d)\d{1,2}\)|\(?注\s*\d{0,2}\)?:?\s*$")
CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
CODE = re.compile(r"(?<!\d)(\d{6})(?:000|000000)?(?!\d)")
LETTER_CODE = re.compile(r"\bCN-[A-Z]{2}\b")
LATIN = re.compile(r"[A-Z][A-Z'. -]*")

PEOPLES = (
    "蒙古|布依|土家|朝鲜|哈尼|哈萨克|傈僳|东乡|仡佬|拉祜|纳西|仫佬|锡伯|柯尔克孜|景颇|达斡尔|撒拉|布朗|毛南|塔吉克|普米|鄂温克|保安"
    "|裕固|独龙|鄂伦春|维吾尔|[满壮回苗彝藏侗瑶白黎傣畲佤水羌土怒各](?=族)"
)
AUTONOMOUS = re.compile(rf"(..+?)(?:(?:{PEOPLES})族?)*自治([区州县旗])")
ENDING = re.compile(r"(..+?)(?:新区|地区|林区|特区|特别行政区|省|市|县|区|旗|盟)")
ENGLISH_ENDING = re.compile(r" (?:CITY|PROVINCE|MUNICIPALITY|PREFECTURE|COUNTY|DISTRICT|AUTONOMOUS [A-Z]+)$")

_simplified = opencc.OpenCC("t2s").convert


class Area(NamedTuple):
    """An area in one period of its validity."""

    ref_area: str
    valid_from: int
    name_zh: str
    name_en: str | None
    ancestors: tuple[str, ...]


Found = dict[tuple[str, int], int]
"""Areas by code and first year, each with its rank: by its code or whole name, or by a shortened one."""


class Register:
    """The areas by everything that they are called.

    Args:
        areas: every area in every period.
        labels: further labels, each of one area at all times.
    """

    def __init__(self, areas: Iterable[Area], labels: Iterable[tuple[str, str]]) -> None:
        self.areas = {(area.ref_area, area.valid_from): area for area in areas}
        self.called: dict[str, Found] = {}
        self.periods: dict[str, list[tuple[str, int]]] = {}
        for key, area in self.areas.items():
            self.periods.setdefault(area.ref_area, []).append(key)
            self._call(area.ref_area, key, NAMED)
            self._call(plain(area.name_zh), key, NAMED)
            for name in {_chinese(area.name_zh), _chinese(plain(area.name_zh))}:
                self._call(name, key, NAMED)
                for short in shortened(name):
                    self._call(short, key, SHORTENED)
            if area.name_en:
                self._call(_latin(plain(area.name_en)), key, SHORTENED)
        for label, code in labels:
            for key in self.periods.get(code, ()):
                self._call(label.upper(), key, NAMED)
                self._call(_chinese(plain(label)) or _latin(plain(label)), key, NAMED)
        self.names = sorted({_chinese(area.name_zh) for area in self.areas.values()} - {""})

    def meant(self, label: str) -> Found:
        """The areas that a label may mean; none when a part of it says nothing that is known.

        Two parts, as in 北京市 Beijing, agree on an area; where they do not, the areas of both are returned.
        """
        text = plain(label)
        if text in self.periods:  # a code goes before a label of the same letters
            return dict.fromkeys(self.periods[text], NAMED)
        if text in self.called:
            return dict(self.called[text])
        written = parts(text) if len(text) <= LONGEST_LABEL else []
        said = [self._written(part) for part in written]
        # Few areas have an English name: only where it says all there is must it be known.
        if len(said) > 1 and LATIN.fullmatch(written[-1]) and not said[-1]:
            said.pop()
        if not said or not all(said):
            return {}
        agreed = set.intersection(*({code for code, _ in found} for found in said))
        together: Found = {}
        for found in said:
            for key, rank in found.items():
                if not agreed or key[0] in agreed:
                    together[key] = min(rank, together.get(key, rank))
        return together

    def like(self, label: str) -> dict[tuple[str, int], float]:
        """The areas whose names are like a label that is none, with the likeness from 0 to 1.

        Where a label begins as an address does, its end is held against the names of that place as well.
        """
        text = _chinese(plain(label))
        if len(text) > LONGEST_LABEL:
            return {}
        found = self._like(text)
        above = next((end for end in range(len(text) - 2, 1, -1) if self._written(text[:end])), 0)
        outer = {code for code, _ in self._written(text[:above])}
        for key, likeness in self._like(text[above:]).items() if above else ():
            if outer & set(self.areas[key].ancestors):
                found[key] = max(likeness, found.get(key, 0))
        return found

    def _like(self, text: str) -> dict[tuple[str, int], float]:
        likely = process.extract(
            text, self.names, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS, limit=200
        )
        return {
            key: float(score)
            for name, score, _ in likely
            for key, rank in self.called[name].items()
            if rank == NAMED
        }

    def _call(self, name: str, key: tuple[str, int], rank: int) -> None:
        if name:
            found = self.called.setdefault(name, {})
            found[key] = min(rank, found.get(key, rank))

    def _written(self, part: str) -> Found:
        """The areas of one part of a label: by code or name, or by an address such as 江苏省南京市鼓楼区."""
        found = self.called.get(part)
        if found or not CHINESE.fullmatch(part):
            return found or {}
        for end in range(2, len(part) - 1):
            inner = self.called.get(part[end:])
            if inner:
                outer = {code for code, _ in self._written(part[:end])}
                within = {key: rank for key, rank in inner.items() if outer & set(self.areas[key].ancestors)}
                if within:
                    return within
        return {}


def plain(label: str) -> str:
    """A label in half width, simplified characters and capitals, without marks of footnotes."""
    text = unicodedata.normalize("NFKC", MARKS.sub("", label))
    return REMARKS.sub("", _simplified(text)).upper().strip()


def parts(text: str) -> list[str]:
    """What a plain label says: Chinese name, code, English name. Nothing where a digit is left over."""
    codes = [found.group(1) for found in CODE.finditer(text)]
    letters = [found.group() for found in LETTER_CODE.finditer(text)]
    rest = LETTER_CODE.sub(" ", CODE.sub(" ", text))
    if re.search(r"\d", rest):
        return []
    return [part for part in (_chinese(rest), *codes, *letters, _latin(rest)) if part]


def shortened(name: str) -> set[str]:
    """How a Chinese name is written for short: 恩施, 恩施州 and 恩施自治州 for 恩施土家族苗族自治州."""
    found = AUTONOMOUS.fullmatch(name)
    if found:
        stem, kind = found.groups()
        stem = stem.removesuffix("族") if len(stem) > 2 else stem
        return {form for form in (stem, stem + kind, f"{stem}自治{kind}") if len(form) > 1} - {name}
    found = ENDING.fullmatch(name)
    return {found.group(1)} if found else set()


def _chinese(text: str) -> str:
    return "".join(CHINESE.findall(text))


def _latin(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("’", "'"))
    words = " ".join(" ".join(LATIN.findall("".join(filter(str.isascii, bare)))).split())
    return ENGLISH_ENDING.sub("", words)


def candidates(labels: Iterable[str], register: Register) -> Mapping[str, list[Any]]:
    """The columns of the relation."""
    rows: list[tuple[str, str, int, int, float | None]] = []
    unknown = 0
    for label in labels:
        found = register.meant(label)
        rows.extend((label, code, since, rank, None) for (code, since), rank in found.items())
        if not found and unknown < SUGGESTED_FOR:
            unknown += 1
            like = register.like(label)
            rows.extend((label, code, since, NAMED, likeness) for (code, since), likeness in like.items())
    columns = ("label", "ref_area", "valid_from", "rank", "likeness")
    return {name: [row[place] for row in rows] for place, name in enumerate(columns)}


def model(dbt: Any, session: Any) -> pa.Table:  # noqa: ARG001 - dbt asks for both
    """The relation, as dbt asks for it."""
    labels = (
        dbt.ref("stg_cell")
        .query(
            "cell",
            "select distinct unnest([ref_area_label, parent_area_label]) as label from cell order by label",
        )
        .fetchall()
    )
    areas = dbt.ref("int_ref_area").select("ref_area, valid_from, name_zh, name_en, ancestors").fetchall()
    further = dbt.ref("ref_area_label").select("label, ref_area").fetchall()
    register = Register((Area(*row) for row in areas), further)
    schema = pa.schema(
        {
            "label": pa.string(),
            "ref_area": pa.string(),
            "valid_from": pa.int32(),
            "rank": pa.int32(),
            "likeness": pa.float64(),
        }
    )
    return pa.table(candidates((label for (label,) in labels if label), register), schema=schema)
