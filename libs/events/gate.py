"""Serving only from a projection of the version that the code was written for.

After an upgrade the tables are those of the version before, until a rebuild has taken their place; a replica that is older
than the projection finds newer ones. Either way its statements may not fit: requests are refused for as long as it takes.
"""

import asyncio

import asyncpg
import structlog

from libs.events.applied import Applied
from libs.events.projection import LIVE, generation
from libs.events.waiting import wait_any

logger = structlog.get_logger()

POLL_SECONDS = 1.0


class ProjectionGate:
    """Keeps `shut`: why nothing can be served from the projection now; None when it can."""

    name = "projection_gate"

    def __init__(
        self, pool: asyncpg.Pool, applied: Applied, version: int, *, poll_seconds: float = POLL_SECONDS
    ) -> None:
        self.shut: str | None = "The projection has not been made yet"
        self._pool = pool
        self._applied = applied
        self._version = version
        self._poll_seconds = poll_seconds

    async def check(self) -> str | None:
        """For readiness: as it is at this moment."""
        await self.refresh()
        return self.shut

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            seen = self._seen()
            try:
                await self.refresh()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("projection_unread", error=repr(error))
            await self._applied.moved(seen, self._seen, stop, seconds=self._poll_seconds)

    async def refresh(self) -> None:
        async with self._pool.acquire() as connection:
            found = await generation(connection, LIVE)
        if found is None:
            self.shut = "The projection has not been made yet"
        elif found.version < self._version:
            self.shut = "The projection is being rebuilt for a new version"
        elif found.version > self._version:
            self.shut = "The projection is of a newer version than this process"
        else:
            self.shut = None

    async def opened(self, seconds: float) -> None:
        """Return once it is open, or after a while."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.shut and (left := deadline - asyncio.get_running_loop().time()) > 0:
            changed = self._applied.changed
            await self.refresh()
            if self.shut:
                await wait_any(left, changed)

    def _seen(self) -> tuple[int, int]:
        return self._applied.generation, self._applied.version
