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
            with suppress(*DATABASE_ERRORS):
                await self._give_back(connection)

    async def _win(self, stop: asyncio.Event) -> asyncpg.pool.PoolConnectionProxy | None:
        while not stop.is_set():
            try:
                connection = await self._pool.acquire()
                if await self._try(connection):
                    return connection
            except DATABASE_ERRORS as error:
                logger.warning("lead_unreachable", role=self._role, error=repr(error))
            await wait_any(STANDBY_SECONDS, stop)
        return None

    async def _try(self, connection: asyncpg.pool.PoolConnectionProxy) -> bool:
        """Whether the lead is won; the connection goes back to the pool if not."""
        won: bool = False
        try:
            won = await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", self._role)
        finally:
            if not won:
                await self._give_back(connection)
        return won

    async def _give_back(self, connection: asyncpg.pool.PoolConnectionProxy) -> None:
        """Without the lock: a connection that may still hold it is ended, as it would keep the lead from all others."""
        try:
            await connection.execute("select pg_advisory_unlock_all()")
        except BaseException:
            connection.terminate()
            raise
        finally:
            with suppress(*DATABASE_ERRORS):
                await self._pool.release(connection)
