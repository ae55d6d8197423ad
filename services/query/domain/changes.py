"""What viewers are told: words on tickets, each at its place in the sequence of changes."""

from dataclasses import dataclass
from uuid import UUID

from services.query.domain.sight import Sight

_LONGEST = 40
"""Characters in two integers of 64 bits, or nearly."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in the sequence of changes, of which each build of the projection has its own; the id of an event."""

    generation: int
    seq: int

    def __str__(self) -> str:
        return f"{self.generation}:{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read an event's id; one that is none of ours is a place that is never known."""
        generation, _, seq = text.partition(":")
        if text.isascii() and generation.isdecimal() and seq.isdecimal() and len(text) < _LONGEST:
            return cls(int(generation), int(seq))
        return cls(-1, 0)


Reader = Sight | str
"""Who is told: administrators and systems by what they see, clients by the id of their account."""


@dataclass(frozen=True, slots=True)
class Where:
    """What it depends on who sees a ticket."""

    department: UUID | None
    responsible: UUID | None


@dataclass(frozen=True, slots=True)
class Word:
    """The last word on a ticket (`key`): how it is `now`, or that it is gone, for who saw it as it was `before`.

    To the clients of `account`, if they are to know; None is told to nobody.
    """

    key: str
    now: Where | None
    before: frozenset[Where]
    row: bytes | None
    gone: bytes
    account: str | None
    to_clients: bytes | None

    def to(self, reader: Reader) -> bytes | None:
        if not isinstance(reader, Sight):
            return self.to_clients if reader == self.account else None
        if self.now and reader.sees(self.now.department, self.now.responsible):
            return self.row
        return self.gone if any(reader.sees(was.department, was.responsible) for was in self.before) else None


@dataclass(frozen=True, slots=True)
class Call:
    """Something that all are told alike."""

    key: str
    text: bytes

    def to(self, _: Reader) -> bytes:
        return self.text


Message = Word | Call


def event(name: str, place: Place, data: str) -> bytes:
    """A server-sent event; data is JSON, and so has no line breaks."""
    return f"id: {place}\nevent: {name}\ndata: {data}\n\n".encode()
