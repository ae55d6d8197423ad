"""The sessions that ended while their tokens were good, as this service refuses them: read from its own table."""

import asyncio

import asyncpg
import structlog

from libs.events.waiting import wait_any
from libs.service.clock import Clock
from libs.service.tokens import KeyRing
from services.accounts.store import resets, sessions

logger = structlog.get_logger()

POLL_SECONDS = 0.2
FORGET_SECONDS = 60.0


class EndedSessions:
    """Tells the key ring of sessions that ended, at once of those ended here, moments later of other replicas'."""

    name = "ended-sessions"

    def __init__(self, pool: asyncpg.Pool, ring: KeyRing, clock: Clock, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._pool = pool
        self._ring = ring
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._reading = asyncio.Lock()

    async def refresh(self) -> None:
        async with self._reading:  # or what was read earlier could take the place of what was read later
            self._ring.end_sessions(await sessions.ended(self._pool))

    async def forget(self) -> None:
        """Forget sessions that are over, their ends once no token of theirs can be good, and links that are too old."""
        await sessions.forget(self._pool, self._clock.now())
        await resets.forget(self._pool, self._clock.now())

    async def run(self, stop: asyncio.Event) -> None:
        loop, forget_at = asyncio.get_running_loop(), 0.0
        while not stop.is_set():
            try:
                if loop.time() >= forget_at:
                    await self.forget()
                    forget_at = loop.time() + FORGET_SECONDS
                await self.refresh()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("ended_sessions_unread", error=repr(error))
            await wait_any(self._poll_seconds, stop)
