"""Embedded servers for tests: shared ones last for a session, `Own…` ones belong to a test, which may break them."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from deploy.local.nats import EmbeddedNats
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.server import Server
from tests.infrastructure.folders import server_folder
from tests.infrastructure.servers import rooms

S = TypeVar("S", bound=Server)

SMALL = {"shared_buffers": "32MB"}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "256MB"}
"""For servers whose data nobody wants after a crash of the machine."""


class OwnPostgres(EmbeddedPostgres):
    async def wipe(self) -> None:
        """Crash and lose everything."""
        await self.kill()
        shutil.rmtree(self.data)


class OwnNats(EmbeddedNats):
    async def wipe(self) -> None:
        """Crash and lose everything."""
        await self.kill()
        shutil.rmtree(self.store)


class SharedNats(EmbeddedNats):
    def accounts(self) -> str:
        return super().accounts() + rooms()


@asynccontextmanager
async def own(kind: type[S], **options: Any) -> AsyncIterator[S]:
    """Lend a running server of this kind with a folder of its own; both are gone afterwards."""
    with server_folder() as folder:
        async with running(kind(folder / "server", **options)) as server:
            yield server


@asynccontextmanager
async def running(server: S) -> AsyncIterator[S]:
    try:
        await server.start()
        yield server
    finally:
        await server.kill()
