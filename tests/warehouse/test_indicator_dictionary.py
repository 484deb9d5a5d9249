"""The documents of the indicators say what the registers and a release say, and their sums are right."""

import ast
import math
import operator
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Released
from warehouse.dictionary import public_relations
from warehouse.indicator_dictionary.entry import Entry, entries
from warehouse.indicator_dictionary.example import Example, declared, worked
from warehouse.indicator_dictionary.pages import FILES, FOLDER, documents, write
from warehouse.indicator_dictionary.wording import LANGUAGES, WORDS, Wording
from warehouse.query import open_release

# A formula's own numbers: the hundred of a percentage, the one of a growth rate and of a root.
CONSTANTS = {"100", "1"}
SIGNS = {"−": "-", "×": "*", "÷": "/", "^": "**"}
OPERATIONS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def computed(text: str) -> float:
    """What a calculator makes of one side of an equation."""
    for sign, plain in SIGNS.items():
        text = text.replace(sign, plain)
    return evaluated(ast.parse(text.strip(), mode="eval").body)


def evaluated(node: ast.AST) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluated(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return float(OPERATIONS[type(op)](evaluated(left), evaluated(right)))
        case ast.Call(func=ast.Name(id="ln"), args=[argument]):
            return math.log(evaluated(argument))
    raise AssertionError(ast.dump(node))


def decimals(figure: str) -> int:
    return len(figure.strip().partition(".")[2])


@pytest.fixture(scope="module")
def examples(released: Released) -> list[Example]:
    return worked(released.home, declared())


@pytest.fixture(scope="module")
def known(released: Released) -> dict[str, Entry]:
    with open_release(released.home) as connection:
        return {entry.name: entry for entry in entries(connection)}


@pytest.fixture(scope="module")
def written(released: Released) -> dict[str, str]:
    return documents(released.home)


@pytest.mark.parametrize("name", FILES.values())
def test_the_document_says_what_the_registers_and_the_release_say(written: dict[str, str], name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == written[name], "run make docs"


def test_a_changed_figure_changes_both_documents(released: Released, tmp_path: Path, monkeypatch) -> None:
    altered = declared()
    altered[0]["query"] = altered[0]["query"].replace("2021", "2020")
    monkeypatch.setattr("warehouse.indicator_dictionary.pages.declared", lambda: altered)
    write(released.home, tmp_path)
    for name in FILES.values():
        assert (tmp_path / name).read_text("utf-8") != (FOLDER / name).read_text("utf-8")


def test_an_example_without_figures_is_refused(released: Released) -> None:
    nowhere = {"indicator": "gdp", "of": {}, "query": "select 1 as one where false"}
    with pytest.raises(LookupError, match="one row"):
        worked(released.home, [nowhere])


def test_every_line_of_an_example_is_right_as_it_stands(examples: list[Example]) -> None:
    lines = [(each.indicator, line) for each in examples for line in each.equations]
    assert len(lines) > 30
    for indicator, line in lines:
        result, *rounded = line.split(" = ")[1].split(" ≈ ")
        assert abs(computed(line.split(" = ")[0]) - computed(result)) <= 0.6 * 10 ** -decimals(result), (
            indicator,
            line,
        )
        for figure in rounded:
            assert abs(computed(result) - computed(figure)) <= 0.5 * 10 ** -decimals(figure) + 1e-12, line


def test_no_figure_of_an_example_is_written_by_hand() -> None:
    for example in declared():
        texts = [*example["of"].values(), *example.get("note", {}).values(), *example.get("equations", ())]
        for text in texts:
            told = re.sub(r"\{[^}]*\}|10,000 persons", "", text)
            assert set(re.findall(r"\d+", told)) <= CONSTANTS, text


def test_an_example_shows_its_indicator_as_it_is_published(
    examples: list[Example], known: dict[str, Entry]
) -> None:
    for example in examples:
        entry = known[example.indicator]
        if entry.is_derived:
            shown = re.split(" [=≈] ", example.equations[-1])[-1]
            assert decimals(shown) == int(entry.register["decimals"]), example


def test_every_derived_indicator_of_which_there_are_figures_has_an_example(
    examples: list[Example], known: dict[str, Entry]
) -> None:
    shown = {example.indicator for example in examples}
    assert shown <= known.keys()
    assert {name for name, entry in known.items() if entry.is_derived and entry.figures} <= shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_stands_once_and_every_link_leads_somewhere(
    written: dict[str, str], known: dict[str, Entry], language: str
) -> None:
    text = written[FILES[language]]
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(anchors) == len(set(anchors))
    assert known.keys() <= set(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)
    relations = {relation.name for relation in public_relations()}
    assert set(re.findall(r"\]\(relations\.md#([^)]+)\)", text)) <= relations


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_target_stands_with_its_indicator(
    written: dict[str, str], known: dict[str, Entry], language: str
) -> None:
    text, say = written[FILES[language]], Wording(language)
    targets = [target for entry in known.values() for target in entry.targets]
    assert len(targets) > 200
    assert all(say.target(target) in text for target in targets)


@pytest.mark.parametrize(
    ("indicator", "english", "chinese"),
    [
        ("urban_rural_income_ratio", "about 1.8 in 2035", "2035年 1.8倍左右"),
        ("market_entity_count", "≥ 840,000 in 2025", "2025年 ≥ 84万户"),
        ("edz_industrial_output", "≥ 100 billion yuan in 2027", "2027年 ≥ 1000亿元"),
        ("pm25_concentration", "to fall by 2025", "到2025年降低"),
    ],
)
def test_a_target_is_read_in_both_languages(
    known: dict[str, Entry], indicator: str, english: str, chinese: str
) -> None:
    told = {
        language: [Wording(language).target(target) for target in known[indicator].targets]
        for language in LANGUAGES
    }
    assert any(english in one for one in told["en"]), told
    assert any(chinese in one for one in told["zh"]), told


def test_a_break_and_a_change_of_basis_are_told(written: dict[str, str]) -> None:
    assert "2014年以前未经调整的数为城乡分别调查" in written["indicators.zh.md"]
    assert "2005年：2005年1%人口抽样调查重新确定了水平" in written["indicators.zh.md"]
    assert "2010: the population census of 2010 set the level anew" in written["indicators.md"]


def test_the_english_document_says_everything_in_english(written: dict[str, str]) -> None:
    for label in ("定义", "单位", "算例", "年均", "非目标"):
        assert label not in written["indicators.md"]
    assert "None" not in written["indicators.md"] + written["indicators.zh.md"]


def test_what_is_said_of_a_standard_in_chinese_is_of_the_register(known: dict[str, Entry]) -> None:
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    standards = {entry.register["standard"] for entry in known.values()}
    assert words["standards"].keys() <= standards
    assert words["unnamed"] in standards
    assert {subject["from"] for subject in words["subjects"]} <= known.keys()
