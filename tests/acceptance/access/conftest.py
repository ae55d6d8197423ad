from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from tests.acceptance.access.world import World, peopled
from tests.acceptance.conftest import SERVICES
from tests.infrastructure.fixtures import FreshDatabase
from tests.infrastructure.product import running_product
from tests.infrastructure.servers import PostgresServer


@pytest.fixture
async def world(
    fresh_database: FreshDatabase, postgres_server: PostgresServer, nats_url: str, tmp_path: Path
) -> AsyncIterator[World]:
    for service in SERVICES:
        await fresh_database(f"helpdesk_{service}")
    port = free_port()
    files = tmp_path / "attachments"
    async with running_product(postgres_server.dsn(), nats_url, files, mail_listen_port=port) as product:
        yield await peopled(product, port)
