"""The two documents of a release, and where they stand."""

from __future__ import annotations

from pathlib import Path

from warehouse.home import CHECKOUT, Home
from warehouse.indicator_dictionary.entry import DOCUMENTS, SOURCES, entries, rows
from warehouse.indicator_dictionary.example import declared, worked
from warehouse.indicator_dictionary.page import Page
from warehouse.indicator_dictionary.wording import LANGUAGES, Wording
from warehouse.query import open_release

FOLDER = CHECKOUT / "docs"
FILES = {"en": "indicators.md", "zh": "indicators.zh.md"}


def documents(home: Home) -> dict[str, str]:
    """The documents by file name, from the release in force, which is to hold the bundled data alone.

    Raises:
        WarehouseError: there is no release.
        LookupError: an example finds no figures.
    """
    examples = worked(home, declared())
    with open_release(home) as connection:
        known = entries(connection)
        policies, sources = rows(connection, DOCUMENTS), rows(connection, SOURCES)
    return {
        FILES[language]: Page(Wording(language), known, examples).document(policies, sources)
        for language in LANGUAGES
    }


def write(home: Home, folder: Path = FOLDER) -> None:
    """Write the documents of the release in force."""
    for name, text in documents(home).items():
        (folder / name).write_text(text, encoding="utf-8")
