"""The product, and a small provider in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.product import Product, running_product
from tests.infrastructure.provider import Provider, founded
from tests.infrastructure.servers import PostgresServer

SERVICES = ("accounts", "intake", "routing", "sla", "notify", "query")


@pytest.fixture
async def services_dsn(service_databases: ServiceDatabases, postgres_server: PostgresServer) -> str:
    """Of a server with a database for each service that holds nothing yet."""
    await service_databases(*SERVICES)
    return postgres_server.dsn()


@pytest.fixture
async def product(services_dsn: str, nats_url: str, tmp_path: Path) -> AsyncIterator[Product]:
    async with running_product(services_dsn, nats_url, tmp_path / "attachments") as product:
        yield product


@pytest.fixture
async def provider(product: Product) -> Provider:
    return await founded(product)
