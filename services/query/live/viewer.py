"""One viewer's stream: what is still to be sent."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from services.query.domain.changes import Message, Place, event

BUFFER = 1000
"""Tickets that a viewer may be behind."""


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
