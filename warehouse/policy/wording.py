"""How people write a row of the register of targets: its words as documents print them, and what they leave out.

Here: what is read as one of our words. Not here: which words there are, and what a row must say (`target.py`).
"""

import re
import unicodedata
from collections.abc import Mapping

from warehouse.policy.supplement import Line

UNSAID = {"area_type": "total", "kind": "target", "commitment": "stated"}
"""What is meant where a column says nothing."""
SPELT = {
    "area_type": {"合计": "total", "全体": "total", "城镇": "urban", "农村": "rural"},
    "commitment": {"力争": "aspirational"},
    "comparator": {
        "≥": ">=",
        "≧": ">=",
        "≤": "<=",
        "≦": "<=",
        "＞": ">",
        "＜": "<",
        "＝": "=",
        "不低于": ">=",
        "以上": ">=",
        "不少于": ">=",
        "超过": ">",
        "突破": ">",
        "高于": ">",
        "低于": "<",
        "以内": "<=",
        "不超过": "<=",
        "左右": "about",
        "约": "about",
    },
}
"""What is read as one of our words."""
REACHED = "达到"
"""At least, in the way that is wanted: of what should become less, at most."""


def in_our_words(row: Line, columns: Mapping[str, str]) -> Line:
    """A row with our words in place of the printed ones; `columns` says as which column of a target each is read."""
    return row | {name: SPELT[kind].get(row[name], row[name]) for name, kind in columns.items()}


def plain_unit(text: str) -> str:
    """A unit as it is compared: half-width, in capitals, without blanks, a heading before it or brackets around it.

    The same is done by the models (`plain_unit` of the dbt project).
    """
    bare = re.sub(
        r"^(?:(?:计量)?单位|(?:計量)?單位|UNITS?):|\s", "", unicodedata.normalize("NFKC", text).upper()
    )
    return re.sub(r"^\((.+)\)$", r"\1", bare)


def filled(row: Line, direction: int) -> Line:
    """A row in our words, with what is meant where it says nothing; `direction` is that of its indicator."""
    said = in_our_words(row, {column: column for column in SPELT})
    if said["comparator"] == REACHED:
        said["comparator"] = "<=" if direction < 0 else ">="
    return said | {column: said[column] or word for column, word in UNSAID.items()}
