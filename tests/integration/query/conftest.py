"""Query's world, for each test a new one."""

from collections.abc import AsyncIterator

import pytest

from tests.infrastructure.cast import settings_of
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.servers import PostgresServer
from tests.integration.query.query_world import SOURCES, World, running_world


@pytest.fixture
async def world(
    service_databases: ServiceDatabases, postgres_server: PostgresServer, nats_url: str
) -> AsyncIterator[World]:
    await service_databases(*SOURCES, "query")
    common = {
        **settings_of("query", SOURCES, postgres_server.dsn(), nats_url),
        "pool_max": 6,
        "consistency_seconds": 5,
    }
    async with running_world(common) as running:
        yield running
