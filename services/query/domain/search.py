"""What a search looks for: words in any of their forms, parts of names and subjects, a ticket's number."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

SHORTEST_STEM = 4
MOST_MINUSES = 10
PART = 3
"""Characters of the parts by which an index finds a text in the middle of another."""

# More digits than these no ticket's number could have.
_NUMBER = re.compile(r"#?([0-9]{1,18})")
_DASH = re.compile(r"(?<!\w)-")
_MINUS = re.compile(r'(?<!\w)-(?=[\w"])')
_LAST_WORD = re.compile(r"(?:(.*)\s)?(\w+)", re.DOTALL)


@dataclass(frozen=True)
class Search:
    """`head` and `last` are what is before the last word, and that word, if it may be the beginning of one."""

    text: str

    @cached_property
    def words(self) -> str:
        """The text as `websearch_to_tsquery` may get it: a dash by itself means nothing, and 32 in a row are an error."""
        kept = islice(_MINUS.finditer(self.text), MOST_MINUSES)
        places = {found.start() for found in kept}
        return _DASH.sub(lambda dash: "-" if dash.start() in places else " ", self.text)

    @property
    def number(self) -> int | None:
        found = _NUMBER.fullmatch(self.text)
        return int(found[1]) if found else None

    @property
    def part(self) -> str:
        """As `folded` has it; too short a text is not looked for in the middle of others."""
        part = folded(self.text)
        return part if len(part) >= PART else ""

    @property
    def head(self) -> str | None:
        """None if the last word is to be taken as it is: it is quoted, left out by a minus, or no mere word."""
        found = self._split()
        if found is None:
            return None
        head = (found[1] or "").rstrip()
        return "" if head.lower().endswith(" or") or head.lower() == "or" else head

    @property
    def last(self) -> str | None:
        found = self._split()
        return found[2] if found else None

    @property
    def stems(self) -> list[str]:
        """What the last word may be a form of while it is being typed: `mornin`, when `morning` is known as `morn`."""
        last = self.last or ""
        return [last[:size] for size in range(len(last) - 1, max(len(last) - 4, SHORTEST_STEM - 1), -1)]

    def _split(self) -> re.Match[str] | None:
        return _LAST_WORD.fullmatch(self.words) if self.words.count('"') % 2 == 0 else None


def folded(text: str) -> str:
    """Without what does not matter when a text is looked for in another: case, and the width of spaces."""
    return " ".join(text.casefold().split())


def parts(text: str) -> list[int]:
    """Numbers for all parts of a folded text; a few have the same.

    PostgreSQL's own trigrams (pg_trgm) know no letters but ASCII's where its locale is C.
    """
    points = list(map(ord, text))
    return sorted({_number(*three) for three in zip(points, points[1:], points[2:], strict=False)})


def pattern(part: str) -> str:
    """For LIKE: the part anywhere."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", part) + "%"


def _number(first: int, second: int, third: int) -> int:
    return (first * 1_000_003 + second * 1009 + third) & 0x7FFFFFFF
