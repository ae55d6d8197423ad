from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.access.world import World, peopled
from tests.infrastructure.ports import free_port
from tests.infrastructure.product import running_product


@pytest.fixture
async def world(services_dsn: str, nats_url: str, tmp_path: Path) -> AsyncIterator[World]:
    port, files = free_port(), tmp_path / "attachments"
    async with running_product(services_dsn, nats_url, files, mail_listen_port=port) as product:
        yield await peopled(product, port)
