"""Building read models without the services around them."""

import random
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

import asyncpg

from libs.events import projection
from libs.events.envelope import Event
from libs.events.projection import LIVE
from libs.service.database import create_pool
from services.query.consumers import ReadModel

TABLES = re.findall(r"^create table (\w+)", ReadModel.tables.read_text(), re.MULTILINE)
ROWS = tuple(sorted({*TABLES} - {"changes", "clocks", "completeness"}))
"""What must be the same however it came about; the others tell of the way."""


@asynccontextmanager
async def read_model(dsn: str, *logs: Sequence[Event], batch: int = 100) -> AsyncIterator[asyncpg.Pool]:
    """A pool on a read model into which these logs were folded, one after another."""
    pool = await create_pool(dsn, application_name="test")
    try:
        await begin(pool)
        for log in logs:
            for start in range(0, len(log), batch):
                await fold(pool, log[start : start + batch])
        yield pool
    finally:
        await pool.close()


async def begin(pool: asyncpg.Pool, generation: int = 1) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await projection.create(connection, LIVE, ReadModel(), generation)


async def fold(pool: asyncpg.Pool, events: Sequence[Event]) -> None:
    """As the applier does it: one transaction."""
    async with pool.acquire() as connection, connection.transaction():
        await projection.enter(connection, LIVE)
        await ReadModel().fold(connection, events)


async def contents(pool: asyncpg.Pool) -> dict[str, list[str]]:
    """All rows of the read model, as text, sorted."""
    return {table: await _rows(pool, table) for table in ROWS}


async def _rows(pool: asyncpg.Pool, table: str) -> list[str]:
    return [row[0] for row in await pool.fetch(f"select t::text from {table} t order by 1")]  # noqa: S608 - ROWS


def interleaved(logs: Mapping[str, Sequence[Event]], chance: random.Random, most: int = 40) -> Iterable[list[Event]]:
    """Batches of one source each, in the source's order, the sources in any."""
    rest = {service: list(log) for service, log in logs.items() if log}
    while rest:
        service = chance.choice(list(rest))
        size = chance.randint(1, most)
        yield rest[service][:size]
        rest[service] = rest[service][size:]
        if not rest[service]:
            del rest[service]
