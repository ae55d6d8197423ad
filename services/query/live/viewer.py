"""One viewer's stream: what is still to be sent."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from libs.service.rights import Staff
from services.query.domain.changes import Message, Place, Reader, event
from services.query.domain.sight import Sight

BUFFER = 1000
"""Tickets that a viewer may be behind."""


@dataclass(eq=False, slots=True)
class Viewer:
    """Someone who watches, `administrator` if it is one, whose sight may change meanwhile.

    In `pending`, a later word on a ticket replaces the former. Should that fill up, all of it becomes one `reset`: a slow
    viewer costs a bounded amount of memory, and nobody else any time.
    """

    reader: Reader
    administrator: UUID | None = None
    pending: dict[str, bytes] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def offer(self, message: Message, place: Place) -> None:
        if (text := message.to(self.reader)) is None:
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

    def renew(self, staff: Mapping[UUID, Staff], place: Place) -> None:
        """Take rights as they are now; whose have changed has to look again from the beginning, as far as they may."""
        if self.administrator is None:
            return
        found = staff.get(self.administrator)
        if found is None or not found.enabled:
            self.end()
        elif (sight := Sight.of(found)) != self.reader:
            self.reader = sight
            self.reset(place)

    def end(self) -> None:
        self.is_over = True
        self.woken.set()

    async def messages(self) -> AsyncGenerator[bytes, None]:
        while not self.is_over:
            await self.woken.wait()
            self.woken.clear()
            taken, self.pending = self.pending, {}
            if taken and not self.is_over:
                yield b"".join(taken.values())
