"""How far a service's live projection has got, for readers in the same process."""

import asyncio

from libs.events.progress import Consumed
from libs.events.source import Cursor


class Applied:
    """How far the live projection has got, for readers that wait for a fact."""

    def __init__(self) -> None:
        self.cursors: dict[str, Cursor] = {}
        self.consumed: dict[str, Consumed] = {}
        """The last word of each source about what it has judged of its own sources."""
        self.generation = 0
        self.version = 0
        """Of the projection's tables, as the live ones are."""
        self._changed = asyncio.Event()

    def note(self, source: str, cursor: Cursor) -> None:
        self.cursors[source] = cursor
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
