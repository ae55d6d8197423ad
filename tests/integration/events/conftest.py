from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from libs.events import log, projection
from libs.events.log import Log
from libs.events.stream import Limits
from libs.events.transport import Transport
from libs.service.database import create_pool, migrate
from tests.faults.pair import mirror, scribe
from tests.infrastructure.databases import Databases, connected
from tests.infrastructure.fixtures import FreshDatabase
from tests.integration.events.scene import Copy, Origin, feed_of

NewPool = Callable[[], Awaitable[asyncpg.Pool]]


async def _migrate(dsn: str) -> None:
    async with connected(dsn) as connection:
        await migrate(connection, log.MIGRATIONS, projection.MIGRATIONS)


@pytest.fixture
async def new_pool(fresh_database: FreshDatabase, databases: Databases) -> AsyncIterator[NewPool]:
    """A pool on a database of its own, with a log and room for a projection."""
    template = await databases.template("events", _migrate)
    async with AsyncExitStack() as stack:

        async def make() -> asyncpg.Pool:
            pool = await create_pool(await fresh_database(template=template), application_name="test", max_size=30)
            stack.push_async_callback(pool.close)
            return pool

        yield make


@pytest.fixture
async def transport(nats_url: str) -> AsyncIterator[Transport]:
    made = Transport(nats_url)
    yield made
    await made.close()


@pytest.fixture
async def origin(new_pool: NewPool, transport: Transport) -> Origin:
    return Origin(Log(scribe.NAME, await new_pool()), transport, Limits())


@pytest.fixture
async def copy(new_pool: NewPool, transport: Transport, origin: Origin) -> AsyncIterator[Copy]:
    async with feed_of(origin) as feed:
        yield Copy(Log(mirror.NAME, await new_pool()), transport, feed)
