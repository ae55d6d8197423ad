"""Commands of this process on one entity, one after the other, once there are several at the same time.

Of all who load, decide and append at once one comes first, and the others have done it in vain: with many, most of them for
ever. So whoever has lost waits for a turn, as does whoever comes while somebody waits. Of other processes' commands nobody
knows here; between those the version decides.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Gives way in the order in which it is asked for."""
    length: int = 0


class Turns:
    def __init__(self) -> None:
        self._queues: dict[UUID, _Queue] = {}

    def are_taken(self, entity: UUID) -> bool:
        """Whether somebody has a turn with the entity, or waits for one."""
        return entity in self._queues

    @asynccontextmanager
    async def turn(self, entity: UUID) -> AsyncIterator[None]:
        """Wait for a turn, and have it. Not to be waited for with locks of the database: who has the turn may need them."""
        queue = self._queues.setdefault(entity, _Queue())
        queue.length += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.length -= 1
            if not queue.length:
                del self._queues[entity]
