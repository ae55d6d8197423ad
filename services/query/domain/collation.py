"""What names and subjects are sorted by: as people expect, whatever the collations of the PostgreSQL in use are.

Some builds of PostgreSQL know nothing of ICU, and an index by its collations has to be made anew when ICU changes. So the
key is made here, and compared by its code points.
"""

import re
import unicodedata

LONGEST = 100
"""Characters of a key: what differs only beyond them is sorted by number. Keys are in indexes and cursors."""

# Letters of their own to Unicode, which people look for beside another one. Those with marks are taken apart by NFKD.
_BESIDE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"}
    | {"\u0491": "\u0433", "\u0454": "\u0435", "\u0456": "\u0438"}  # Ukrainian letters beside Russian ones
)
_SHORT_I = "и\u0306"
_DIGITS = re.compile(r"0*([0-9]+)")


def sorted_as(text: str) -> str:
    """Without case, accents and leading zeros, and with numbers in the order of their values: 2 before 10."""
    key = text[:LONGEST].casefold()
    if not key.isascii():
        key = _plain(key)
    return _DIGITS.sub(_by_length, key.strip())[:LONGEST]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_BESIDE)).replace(_SHORT_I, "й").casefold()
    return "".join(char for char in apart if not unicodedata.combining(char))


def _by_length(digits: re.Match[str]) -> str:
    """More digits, greater number: a digit says how many there are (nine and more are alike)."""
    return f"{min(len(digits[1]), 9)}{digits[1]}"
