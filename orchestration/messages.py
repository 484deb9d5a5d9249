"""The message catalogue: every sentence and label that people read, in English and Chinese.

Here: finding a text by its code and filling it in. Not here: who says it, and when. The texts stand in
`messages.yml`; this module imports nothing heavy, since every command needs it.
"""

from __future__ import annotations

import locale
import os
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from orchestration.presentation import printable
from sources.errors import TongjiError

Language = Literal["en", "zh"]
CATALOGUE = Path(__file__).with_name("messages.yml")
# The same loader, ten times as fast where PyYAML was built with libyaml.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every text: code → language → text with `{placeholders}`."""
    with CATALOGUE.open("rb") as file:
        texts: dict[str, dict[str, str]] = yaml.load(file, Loader=LOADER)  # noqa: S506 - both are safe
    return texts


def language() -> Language:
    """The language in force: `TONGJI_LANG`, else the locale's, else English."""
    asked = os.environ.get("TONGJI_LANG", "").strip().lower()
    if not asked:
        named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        asked = (next(filter(None, named), None) or locale.getlocale()[0] or "").lower()
    return "zh" if asked.startswith("zh") else "en"


def text(code: str, **details: object) -> str:
    """The text of a code in the language in force, with the details filled in.

    A code or a detail that is missing never hides the message: then it says what is known.
    """
    known = catalogue().get(code)
    if known is None:
        told = ", ".join(f"{name} {value}" for name, value in details.items())
        return f"{code}: {told}" if told else code
    return string.Formatter().vformat(known[language()], (), _Details(details))


def sentence(error: TongjiError) -> str:
    """What an error says to people, on one line: what is wrong, where, and what to do.

    An error made of several, one for each row of a file, says them one after the other. What it quotes may come from
    a file or a service, and must not drive a terminal.
    """
    quoted = {name: _shown(value) for name, value in error.details.items()}
    return text(error.code, **quoted)


def _shown(value: object) -> object:
    if isinstance(value, str):
        return printable(" ".join(value.split()))
    if isinstance(value, tuple) and all(isinstance(one, TongjiError) for one in value):
        return " ".join(map(sentence, value))
    return printable(value) if isinstance(value, Path) else value


class _Details(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"
