"""What viewers are told, each word at its place in the sequence of changes."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from services.query.domain.orders import Filters
from services.query.domain.sight import Sight

_LONGEST = 100
"""Characters of an id; three integers of 64 bits and a fingerprint have fewer."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in the sequence of changes, of which each build of the projection has its own."""

    generation: int
    seq: int

    def __str__(self) -> str:
        return f"{self.generation}:{self.seq}"


class Word(NamedTuple):
    """Something that is told: `body` is a server-sent event but for its id, which says where and when it stands.

    `at`, in microseconds, is the instant up to which all is told that came by time.
    """

    place: Place
    at: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a viewer has seen a list (`of`), as the id of an event says. The whole of what one sees has no name."""

    place: Place
    at: int = 0
    of: str = ""

    def __str__(self) -> str:
        return f"{self.place}:{self.at}:{self.of}" if self.of else str(self.place)

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """Read an event's id; one that is none of ours is a place that is never known."""
        generation, seq, at, of = (*text.split(":"), "", "", "", "")[:4]
        if text.isascii() and len(text) < _LONGEST and all(map(_is_integer, (generation, seq, at or "0"))):
            return cls(Place(int(generation), int(seq)), int(at or 0), of)
        return cls(Place(-1, 0))


def _is_integer(text: str) -> bool:
    return text.isdecimal() and len(text) < 20  # noqa: PLR2004 - digits of 64 bits


def description(filters: Filters | None, sight: Sight) -> str:
    """The same for lists that always have the same tickets: who sees everything sees what others do who see everything."""
    seen = "" if sight.departments is None else f"{sight.administrator} {sorted(map(str, sight.departments))}"
    return f"{filters.model_dump_json() if filters else ''} {seen}"


def name_of(filters: Filters | None, sight: Sight) -> str:
    """Tells lists apart, so that nobody goes on with another list than they began with."""
    if filters is None:
        return ""
    return hashlib.blake2s(description(filters, sight).encode(), digest_size=8).hexdigest()


def event(name: str, data: str) -> bytes:
    """A server-sent event but for its id; data is JSON, and so has no line breaks."""
    return f"event: {name}\ndata: {data}\n\n".encode()


READY, REFRESH, RESET = (event(name, "{}") for name in ("ready", "refresh", "reset"))


def gone(ticket: str) -> bytes:
    """It is deleted, or out of sight."""
    return event("ticket", f'{{"id":"{ticket}","gone":true}}')


def out(ticket: str) -> bytes:
    """It is still there, and not in this list any more."""
    return event("ticket", f'{{"id":"{ticket}","out":true}}')
