"""Signs that nobody sees: they drive a terminal, reorder what stands beside them, or are no text at all.

Here: which they are. What becomes of them is for those who take in or show texts.
"""

import unicodedata

# Controls, marks of direction and the like, bytes that are no text, and ends of lines and paragraphs.
CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")


def is_unseen(sign: str) -> bool:
    """Whether a character is one that no name of a file and no line on a terminal needs."""
    return unicodedata.category(sign) in CATEGORIES
