"""Numbers flow upwards through the dbt layers: staging, intermediate, marts."""

import re
from pathlib import Path

LAYERS = ["staging", "intermediate", "marts"]
PREFIXES = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "mart_", "release_info"),
}
COMMENT = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.DOTALL)
REF = re.compile(r"\bref\(\s*['\"](\w+)['\"]\s*\)")
SOURCE = re.compile(r"\bsource\(\s*['\"](\w+)['\"]\s*,\s*['\"](\w+)['\"]\s*\)")


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def layer(path: Path) -> str:
    return path.parts[path.parts.index("models") + 1]


def test_every_model_stands_in_a_layer_and_is_named_after_it(models: dict[str, Path]) -> None:
    for name, path in models.items():
        assert layer(path) in LAYERS, path
        assert name.startswith(PREFIXES[layer(path)]), path
        assert not re.search(r"\d{4}", name), path


def test_only_staging_reads_what_others_wrote(models: dict[str, Path]) -> None:
    reading = {name for name, path in models.items() if re.search(r"\bsource\(", code(path))}
    assert reading
    assert {layer(models[name]) for name in reading} == {"staging"}
    for name in reading:
        assert SOURCE.search(code(models[name])), f"{name}: names of a source are written out"


def test_a_model_refers_to_its_own_layer_or_one_below(models: dict[str, Path], checkout: Path) -> None:
    seeds = {path.stem for path in (checkout / "dbt_project" / "seeds").glob("*.csv")}
    assert seeds
    references = [(name, target) for name, path in models.items() for target in REF.findall(code(path))]
    assert references
    for name, target in references:
        assert target in models or target in seeds, (name, target)
        if target in models:
            assert LAYERS.index(layer(models[target])) <= LAYERS.index(layer(models[name])), (name, target)


def test_no_model_names_a_schema_instead_of_a_reference(models: dict[str, Path]) -> None:
    schema = re.compile(
        r"\b(?:from|join)\s+(?:raw|process|reference|staging|intermediate|quality|marts)\.\w+", re.IGNORECASE
    )
    named = {name: match.group() for name, path in models.items() if (match := schema.search(code(path)))}
    assert not named


def test_the_dbt_project_is_not_a_package(checkout: Path) -> None:
    assert not list((checkout / "dbt_project").rglob("__init__.py"))
