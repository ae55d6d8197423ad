"""One viewer's stream: what is still to be sent."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.query.domain.changes import RESET, Seen, Word, event
from services.query.live.standing import Standing
from services.query.live.wish import Wish

BUFFER = 1000
"""Tickets that a viewer may be behind."""
COUNTS_SECONDS = 1.0
"""The least time between two words on counts."""


class Counted(Protocol):
    """A list whose tickets are counted: None while that is not known."""

    @property
    def size(self) -> int | None: ...


@dataclass(eq=False, slots=True)
class Viewer:
    """Someone who watches what they wish.

    In `pending`, a later word on a ticket replaces the former. Should that fill up, all of it becomes one `reset`: a slow
    viewer costs a bounded amount of memory, and nobody else any time.
    """

    wish: Wish
    standing: Standing
    pause: float = 0.0
    """The least seconds between two messages; what comes meanwhile goes together, one word a ticket."""
    list_name: str = ""
    pending: dict[str, Word] = field(default_factory=dict)
    counted: Mapping[str, Counted] = field(default_factory=dict)
    """By view, or name of a list that everybody has."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    _told: dict[str, int] = field(default_factory=dict)
    _is_count_due: bool = False
    _counts_at: float = 0.0

    def offer(self, key: str, word: Word) -> None:
        self.pending.pop(key, None)  # what is told last is sent last, so that the ids sent only grow
        self.pending[key] = word
        if len(self.pending) > BUFFER:
            self.reset()
        self.woken.set()

    def recall(self, missed: Mapping[str, Word]) -> None:
        """Put what came before the viewer did in front of what came since."""
        self.pending = {key: word for key, word in missed.items() if key not in self.pending} | self.pending
        self.woken.set()

    def reset(self) -> None:
        self.pending = {"reset": self.standing.word(RESET)}
        self._told.clear()
        self.count()
        self.woken.set()

    def count(self) -> None:
        """What is counted may have changed: told as soon as it may be."""
        if self.counted and not self._is_count_due:
            self._is_count_due = True
            loop = asyncio.get_running_loop()
            loop.call_at(max(self._counts_at, loop.time()), self.woken.set)

    def end(self) -> None:
        self.is_over = True
        self.woken.set()

    async def messages(self) -> AsyncGenerator[bytes, None]:
        """What there is to tell, no more often than the pause allows."""
        loop, last = asyncio.get_running_loop(), float("-inf")
        while not self.is_over:
            await self.woken.wait()
            if (rest := last + self.pause - loop.time()) > 0 and not self.is_over:
                await asyncio.sleep(rest)
            self.woken.clear()
            told = self._words() + self._counts(loop.time())
            if told and not self.is_over:
                last = loop.time()
                yield told

    def _words(self) -> bytes:
        taken, self.pending = self.pending, {}
        return b"".join(map(self._sent, taken.values()))

    def _sent(self, word: Word) -> bytes:
        return b"id: %b\n%b" % (str(Seen(word.place, word.at, self.list_name)).encode(), word.body)

    def _counts(self, now: float) -> bytes:
        """Those that are others than before; all of them at first. They stand where the reading does."""
        if not self._is_count_due or now < self._counts_at:
            return b""
        self._is_count_due = False
        sizes = {view: size for view, one in self.counted.items() if (size := one.size) is not None}
        news = {view: size for view, size in sizes.items() if self._told.get(view) != size}
        if not news:
            return b""
        self._told |= news
        self._counts_at = now + COUNTS_SECONDS
        data = ",".join(f'"{view}":{size}' for view, size in news.items())
        return self._sent(self.standing.word(event("counts", f"{{{data}}}")))
