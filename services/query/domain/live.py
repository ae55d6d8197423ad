"""A viewer's stream of changes: what is still to be sent, and how it is written."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

BUFFER = 1000
"""Tickets that a viewer may be behind."""


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
        if generation.isdecimal() and seq.isdecimal() and len(text) < 40:  # noqa: PLR2004 - two integers of 64 bits
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


@dataclass(eq=False, slots=True)
class Viewer:
    """Someone who watches: a client sees what is of the own account, an administrator (None) everything.

    In `pending`, a later word on a ticket replaces the former. Should that fill up, all of it becomes one `reset`: a slow
    viewer costs a bounded amount of memory, and nobody else any time.
    """

    account: str | None
    pending: dict[str, bytes] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def offer(self, message: Message, place: Place) -> None:
        if (text := message.to(self.account)) is None:
            return
        self.pending.pop(message.key, None)  # what is told last is sent last, so that the ids sent only grow
        self.pending[message.key] = text
        if len(self.pending) > BUFFER:
            self.reset(place)
        self.woken.set()

    def recall(self, missed: Mapping[str, bytes]) -> None:
        """Put what came before the viewer did in front of what came since."""
        self.pending = {key: text for key, text in missed.items() if key not in self.pending} | self.pending
        self.woken.set()

    def reset(self, place: Place) -> None:
        self.pending = {"reset": event("reset", place, "{}")}
        self.woken.set()

    def end(self) -> None:
        self.is_over = True
        self.woken.set()

    async def messages(self) -> AsyncIterator[bytes]:
        while not self.is_over:
            await self.woken.wait()
            self.woken.clear()
            taken, self.pending = self.pending, {}
            if taken:
                yield b"".join(taken.values())
