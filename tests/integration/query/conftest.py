"""Query's world, for each test a new one."""

from collections.abc import AsyncIterator

import pytest

from tests.infrastructure.cast import settings_of
from tests.infrastructure.fixtures import FreshDatabase
from tests.infrastructure.servers import PostgresServer
from tests.integration.query.query_world import SOURCES, World, running_world


@pytest.fixture
async def world(fresh_database: FreshDatabase, postgres_server: PostgresServer, nats_url: str) -> AsyncIterator[World]:
    for name in (*SOURCES, "query"):
        await fresh_database(f"helpdesk_{name}")
    common = {
        **settings_of("query", SOURCES, postgres_server.dsn(), nats_url),
        "pool_max": 6,
        "consistency_seconds": 5,
    }
    async with running_world(common) as running:
        yield running
