"""What viewers are told: words on tickets, each at its place in the sequence of changes."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Message:
    """One word on `key` (a ticket, or `refresh`), as administrators and as the clients of `account` get it."""

    key: str
    account: str | None
    to_administrators: bytes | None
    to_clients: bytes | None

    def to(self, account: str | None) -> bytes | None:
        if account is None:
            return self.to_administrators
        return self.to_clients if self.account in {account, None} else None


def event(name: str, place: Place, data: str) -> bytes:
    """A server-sent event; data is JSON, and so has no line breaks."""
    return f"id: {place}\nevent: {name}\ndata: {data}\n\n".encode()
