"""The quality report that goes with a release: a site that needs no network, and a sheet a source to send back.

Here: the pages of `quality/` and what stands on which. Not here: what is wrong (`warehouse/problems.py`), the words of
Great Expectations (`expectations/suite.py`), the sheets (`problem_sheet.py`), labels (`messages.yml`).

Pages are rendered without Great Expectations' own page templates, which load styles and scripts from other hosts, and
each holds its style, so that one can be mailed alone. Everything from files is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import duckdb
import jinja2
import polars as pl
from markupsafe import Markup

from orchestration.messages import catalogue
from orchestration.problem_sheet import sheet
from warehouse.problems import open_problems

FOLDER = "quality"
PAGES = {
    "index": "index.html.j2",
    "problems": "problems.html.j2",
    "validation": "rules.html.j2",
    "suite": "rules.html.j2",
}
# More than a person answers by hand; the sheet of the source has them all.
PAGE_ROWS = 1000
KINDS = ("error", "rejected", "missing", "warning")

Row = dict[str, Any]


def quality_site(connection: duckdb.DuckDBPyConnection) -> dict[str, bytes]:
    """The files of the report by their path within a release.

    Args:
        connection: of the build database, where the public relations of the release and what Great Expectations said
            about them stand.
    """
    problems = open_problems(connection, catalogue()["quality.missing"])
    sources = list(_sources(connection, problems))
    rules = _rules(connection)
    (release,) = _rows(connection, "from marts.release_info")
    titles = {page: catalogue()[f"quality.{page}"]["zh"] for page in PAGES}
    shared = {"release": release, "sources": sources, "rules": rules, "titles": titles}
    templates = _environment()
    files = {}
    for page, template in PAGES.items():
        said = _said(connection, page)
        text = templates.get_template(template).render(shared, page=page, said=said)
        files[f"{FOLDER}/{page}.html"] = text.encode()
    for (source,), found in problems.group_by("source"):
        files[f"{FOLDER}/problems/{source}.csv"] = sheet(found.sort("number"))
    return files


def _sources(connection: duckdb.DuckDBPyConnection, problems: pl.DataFrame) -> Iterator[Row]:
    """Each source with problems: its titles, how many there are of each kind, and those shown, by file and sheet."""
    titles = {row["source"]: row for row in _rows(connection, "from marts.dim_source")}
    for (name,), found in sorted(problems.group_by("source"), key=lambda group: str(group[0][0])):
        gravity = pl.col("kind").replace_strict({kind: at for at, kind in enumerate(KINDS)})
        shown = found.sort(gravity, "number").head(PAGE_ROWS).sort("number").to_dicts()
        counts = dict(found.group_by("kind").len().iter_rows())
        yield {
            "name": name,
            "title_en": titles.get(name, {}).get("title_en", name),
            "title_zh": titles.get(name, {}).get("title_zh", name),
            "counts": {kind: counts[kind] for kind in KINDS if kind in counts},
            "total": found.height,
            "shown": len(shown),
            "places": [
                (place, list(rows))
                for place, rows in groupby(shown, lambda row: (row["file_name"], row["sheet"]))
            ],
        }


def _rules(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """The rules with what became of the observations, those that found something first."""
    return _rows(
        connection,
        """
        with counted as (
            select rule, sum(passed) as passed, sum(failed) as failed, sum(not_evaluable) as not_evaluable
            from marts.mart_rule_count
            group by rule
        )
        select rule.*, coalesce(passed, 0) as passed, coalesce(failed, 0) as failed,
            coalesce(not_evaluable, 0) as not_evaluable
        from marts.dim_rule as rule
        left join counted using (rule)
        order by failed > 0 desc, list_position(['error', 'warning', 'information'], severity), rule""",
    )


def _said(connection: duckdb.DuckDBPyConnection, page: str) -> Mapping[str | None, Markup]:
    """What Great Expectations says on a page, by rule; nothing of it comes from the files of a source."""
    query = "select rule, html from quality.rendered where page = ?"
    return {rule: Markup(html) for rule, html in connection.execute(query, [page]).fetchall()}  # noqa: S704


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("orchestration", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(both=_both)
    environment.filters.update(amount=_amount, either=_either)
    return environment


def _both(code: str, **details: object) -> Markup:
    """A text of the catalogue in both languages, of which the page shows one at a time."""
    words = catalogue()[code]
    return _either(words["zh"].format(**details), words["en"].format(**details))


def _either(zh: object, en: object) -> Markup:
    # Put together here, since in a template the line between the two would show.
    return Markup('<span class="t" lang="zh">{}</span><span class="t" lang="en">{}</span>').format(zh, en)


def _amount(value: float) -> str:
    return f"{value:.12g}"


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
