"""The product with room for many requests that fail, and everybody and everything in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.access.world import World, peopled
from tests.acceptance.conftest import SERVICES
from tests.acceptance.fuzz.marked import Marked, marked
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.ports import free_port
from tests.infrastructure.product import running_product
from tests.infrastructure.servers import PostgresServer

ROOM: dict[str, Any] = {
    "sign_in_failures_per_email": 1_000_000,
    "sign_in_failures_per_address": 1_000_000,
    "attachments_unclaimed_max_bytes": 1 << 40,
    "consistency_seconds": 0.05,  # nobody tells what a made-up token names
}


@dataclass
class Ground:
    """Where the fuzz takes place."""

    world: World
    marked: Marked


@pytest.fixture
async def ground(
    service_databases: ServiceDatabases, postgres_server: PostgresServer, nats_url: str, tmp_path: Path
) -> AsyncIterator[Ground]:
    await service_databases(*SERVICES)
    room = {**ROOM, "mail_listen_port": free_port()}
    async with running_product(postgres_server.dsn(), nats_url, tmp_path / "attachments", **room) as product:
        world = await peopled(product, room["mail_listen_port"])
        yield Ground(world, await marked(world))
