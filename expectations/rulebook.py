"""Reading the rules: YAML files, one entry a rule, checked whole before anything runs.

Here: what must hold of the files and among rules, with the line of whatever does not. Not here: what must hold within
a rule (`rule`).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import yaml
from pydantic import ValidationError

from expectations import evidence
from expectations.errors import ExpectationError
from expectations.refusal import refusal
from expectations.rule import EXPECTATIONS, Rule
from expectations.wording import VERDICT_COLUMNS, message

BUNDLED = Path(__file__).parent / "rules"


def load_rules(folder: Path = BUNDLED) -> tuple[Rule, ...]:
    """The rules of every `*.yml` of a folder, in the order of the files' names and of their entries.

    Raises:
        ExpectationError: a file is not YAML, a rule breaks its own terms, asks for evidence that does not exist, has
            no SQL that can run, or bears the name of another; with file, line, rule and field.
    """
    rules: dict[str, Rule] = {}
    places: dict[str, str] = {}
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as trial:
        for kind, known in evidence.KINDS.items():
            trial.execute(f"CREATE TABLE {kind} AS SELECT {_sample(known)}")
        for file in sorted(folder.glob("*.yml")):
            for entry in _entries(file):
                rule = _parsed(file, entry)
                _check_columns(file, entry, rule)
                _check_sql(file, entry, rule, trial)
                if rule.name in rules:
                    raise ExpectationError(
                        "rule.duplicate",
                        file=file,
                        line=_line(entry, "name"),
                        rule=rule.name,
                        first=places[rule.name],
                    )
                rules[rule.name] = rule
                places[rule.name] = f"{file.name}:{_line(entry)}"
    if not rules:
        raise ExpectationError("rule.none_found", folder=folder)
    return tuple(rules.values())


def _sample(known: evidence.Evidence) -> str:
    """One row in which everything is known, on which the SQL of a rule is tried."""
    return ", ".join(
        f"CAST({'1' if type_ != 'DATE' else repr('2020-12-31')} AS {type_}) AS {column}"
        for column, type_ in (known.columns | VERDICT_COLUMNS).items()
    )


def _entries(file: Path) -> Iterator[yaml.MappingNode]:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise ExpectationError("rule.not_yaml", file=file, line=line, problem=problem) from error
    if not isinstance(root, yaml.SequenceNode):
        raise ExpectationError("rule.not_yaml", file=file, line=1, problem="a list of rules is expected")
    for entry in root.value:
        if not isinstance(entry, yaml.MappingNode):
            line = entry.start_mark.line + 1
            raise ExpectationError(
                "rule.not_yaml", file=file, line=line, problem="a rule is a list of fields"
            )
        yield entry


def _parsed(file: Path, entry: yaml.MappingNode) -> Rule:
    _refuse_repeated_keys(file, entry)
    loader = yaml.SafeLoader("")
    fields = loader.construct_document(entry)
    _check_expectation(file, entry, fields)
    try:
        return Rule.model_validate(fields)
    except ValidationError as error:
        found = error.errors()
        # A misspelt field is also a missing one; its own line is the one to mend.
        first = next((problem for problem in found if problem["type"] == "extra_forbidden"), found[0])
        path = tuple(str(step) for step in first["loc"])
        line = _line(entry, *path)
        raise refusal(file, line, fields.get("name", "?"), first) from error


def _refuse_repeated_keys(file: Path, mapping: yaml.MappingNode) -> None:
    """YAML would let the last of two equal keys win in silence."""
    seen = set()
    for key, value in mapping.value:
        if key.value in seen:
            line, field = key.start_mark.line + 1, key.value
            raise ExpectationError("rule.repeated_field", file=file, line=line, field=field)
        seen.add(key.value)
        if isinstance(value, yaml.MappingNode):
            _refuse_repeated_keys(file, value)


def _check_expectation(file: Path, entry: yaml.MappingNode, fields: dict[str, object]) -> None:
    expect = fields.get("expect")
    named = expect.get("type") if isinstance(expect, dict) else None
    if named is not None and named not in EXPECTATIONS:
        raise ExpectationError(
            "rule.unknown_expectation",
            file=file,
            line=_line(entry, "expect", "type"),
            rule=fields.get("name", "?"),
            expectation=named,
            known=", ".join(EXPECTATIONS),
        )


def _check_columns(file: Path, entry: yaml.MappingNode, rule: Rule) -> None:
    try:
        named = list(rule.columns())
    except ValueError as error:
        line = _line(entry, "message")
        raise ExpectationError("rule.bad_braces", file=file, line=line, rule=rule.name) from error
    for field, column in named:
        known = rule.evidence.columns | (VERDICT_COLUMNS if field.startswith("message") else {})
        if column not in known:
            raise ExpectationError(
                "rule.unknown_column",
                file=file,
                line=_line(entry, *field.split(".")),
                rule=rule.name,
                field=field,
                column=column,
            )


def _check_sql(file: Path, entry: yaml.MappingNode, rule: Rule, trial: duckdb.DuckDBPyConnection) -> None:
    """Every SQL of a rule must be one value of a row, of the type that its use asks for."""
    expressions = {
        "where": (rule.where, {"BOOLEAN"}),
        "measure": (rule.measure, None),
        "value_at": (
            rule.value_at and f"SELECT {rule.value_at} FROM (SELECT 1.0::DOUBLE AS bound)",
            {"DOUBLE"},
        ),
        "message.en": (message(rule.message.en, "en", rule.evidence), {"VARCHAR"}),
        "message.zh": (message(rule.message.zh, "zh", rule.evidence), {"VARCHAR"}),
    }
    for field, (expression, types) in expressions.items():
        if expression is None:
            continue
        # Only a message is carried out, for its number formats; the sample need make no sense to the rest.
        rows = "" if field.startswith("message") else "LIMIT 0"
        try:
            trial.execute(f"SELECT cell_id, ({expression}) AS tried FROM {rule.judges} {rows}")
            found = str(trial.description[1][1]) if trial.description else ""
        except duckdb.Error as error:
            raise _bad_sql(file, entry, rule, field, str(error).partition("\n")[0]) from error
        if types and found not in types:
            raise _bad_sql(file, entry, rule, field, f"it yields {found}, not {' or '.join(types)}")


def _bad_sql(file: Path, entry: yaml.MappingNode, rule: Rule, field: str, problem: str) -> ExpectationError:
    line = _line(entry, *field.split("."))
    return ExpectationError(
        "rule.bad_sql", file=file, line=line, rule=rule.name, field=field, problem=problem
    )


def _line(node: yaml.Node, *path: str) -> int:
    """The line of the deepest part of a path of keys that is written in the file."""
    line = node.start_mark.line + 1
    for step in path:
        fields = node.value if isinstance(node, yaml.MappingNode) else []
        inner = next((value for key, value in fields if key.value == step), None)
        if inner is None:
            break
        node, line = inner, inner.start_mark.line + 1
    return line
