"""How far a service's live projection has got, for readers in the same process."""

import asyncio
from collections.abc import Callable

from libs.events.progress import Consumed
from libs.events.source import Cursor
from libs.events.waiting import wait_any


class Applied:
    """How far the live projection has got, for readers that wait for a fact."""

    def __init__(self) -> None:
        self.cursors: dict[str, Cursor] = {}
        self.people: dict[str, Cursor] = {}
        """How far each source had been read when it last told of people and keys, as far as this process knows."""
        self.consumed: dict[str, Consumed] = {}
        """The last word of each source about what it has judged of its own sources."""
        self.generation = 0
        self.version = 0
        """Of the projection's tables, as the live ones are."""
        self._changed = asyncio.Event()

    def begin(self, cursors: dict[str, Cursor]) -> None:
        """What another has read until now may have been of people, too."""
        self.cursors, self.people = cursors, dict(cursors)

    def note(self, source: str, cursor: Cursor, *, of_people: bool = False) -> None:
        self.cursors[source] = cursor
        if of_people:
            self.people[source] = cursor
        self.wake()

    def hear(self, marker: Consumed) -> None:
        self.consumed[marker.service] = marker
        self.wake()

    def wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    @property
    def changed(self) -> asyncio.Event:
        """Set at the next step; a new one each time."""
        return self._changed

    async def moved(self, before: object, now: Callable[[], object], stop: asyncio.Event, *, seconds: float) -> None:
        """Wait until it is not as before now, or for a while: another replica's consumer may be the active one."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not stop.is_set() and now() == before:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await wait_any(left, self.changed, stop):
                return
