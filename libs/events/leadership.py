"""One active worker of a kind, the others standing by.

A session advisory lock keeps the standby quiet; it is no fence. What makes a second active worker harmless is the relay's
chain and the consumer's compare-and-set.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from libs.events.waiting import wait_any

logger = structlog.get_logger()

STANDBY_SECONDS = 0.5
DATABASE_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class Leadership:
    def __init__(self, pool: asyncpg.Pool, role: str) -> None:
        self._pool = pool
        self._role = role

    @asynccontextmanager
    async def held(self, stop: asyncio.Event) -> AsyncIterator[bool]:
        """Wait for the lead and hold it within the block; False when stopped first."""
        connection = await self._win(stop)
        if connection is None:
            yield False
            return
        try:
            logger.info("leading", role=self._role)
            yield True
        finally:
            await self._give_back(connection)

    async def _win(self, stop: asyncio.Event) -> asyncpg.pool.PoolConnectionProxy | None:
        while not stop.is_set():
            try:
                connection = await self._pool.acquire()
                if await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", self._role):
                    return connection
                await self._pool.release(connection)
            except DATABASE_ERRORS as error:
                logger.warning("lead_unreachable", role=self._role, error=repr(error))
            await wait_any(STANDBY_SECONDS, stop)
        return None

    async def _give_back(self, connection: asyncpg.pool.PoolConnectionProxy) -> None:
        with suppress(*DATABASE_ERRORS):
            await connection.execute("select pg_advisory_unlock(hashtextextended($1, 0))", self._role)
        with suppress(*DATABASE_ERRORS):
            await self._pool.release(connection)
