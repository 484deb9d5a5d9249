"""How people write a row of the register of targets: its words as documents print them, and what they leave out.

Here: what is read as one of our words. Not here: which words there are, and what a row must say (`target.py`).
"""

from warehouse.policy.supplement import Line

UNSAID = {"area_type": "total", "kind": "target", "commitment": "stated"}
"""What is meant where a column says nothing."""
SPELT = {
    "area_type": {"合计": "total", "全体": "total", "城镇": "urban", "农村": "rural"},
    "commitment": {"力争": "aspirational"},
    "comparator": {
        "≥": ">=",
        "≤": "<=",
        "＞": ">",
        "＜": "<",
        "＝": "=",
        "不低于": ">=",
        "以上": ">=",
        "超过": ">",
        "突破": ">",
        "高于": ">",
        "低于": "<",
        "以内": "<=",
        "不超过": "<=",
        "左右": "about",
    },
}
"""What is read as one of our words."""
REACHED = "达到"
"""At least, in the way that is wanted: of what should become less, at most."""


def filled(row: Line, direction: int) -> Line:
    """A row in our words, with what is meant where it says nothing; `direction` is that of its indicator."""
    said = row | {column: words.get(row[column], row[column]) for column, words in SPELT.items()}
    if said["comparator"] == REACHED:
        said["comparator"] = "<=" if direction < 0 else ">="
    return said | {column: said[column] or word for column, word in UNSAID.items()}
